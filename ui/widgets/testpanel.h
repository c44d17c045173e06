// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/connectors/connector.h"

#include <QWidget>

#include <optional>
#include <vector>

class QVBoxLayout;

namespace portreeve {

class ErrorPanel;
class TextLabel;

/// What "Test connection" found: each step ticked or explained, and a few people by id.
class TestPanel final : public QWidget
{
    Q_OBJECT

public:
    explicit TestPanel(QWidget* parent = nullptr);

    void setReport(const TestReport& report);

    /// The same for any other test. @param facts  what was counted or seen, a line each
    void setSteps(const std::vector<TestStep>& steps, const QStringList& facts,
        const std::optional<Error>& failure);
    void setError(const Error& error); ///< the test could not be run at all
    void clear();

private:
    void addStep(const TestStep& step, const std::optional<Error>& failure);
    TextLabel* addLine(const QString& iconName, bool isGood, const QString& text);

    QVBoxLayout* m_steps;
    ErrorPanel* m_error;
};

} // namespace portreeve
