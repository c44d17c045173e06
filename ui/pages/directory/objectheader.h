// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QWidget>

#include <utility>
#include <vector>

class QFormLayout;
class QPushButton;

namespace portreeve {

class StatusBadge;
class TextLabel;

/// Name, state and attributes of one user or group, with its id to copy.
class ObjectHeader final : public QWidget
{
    Q_OBJECT

public:
    explicit ObjectHeader(QWidget* parent = nullptr);

    using Attributes = std::vector<std::pair<QString, QString>>; ///< label, value

    void show(const QString& name, const QString& id, const Attributes& attributes);

    StatusBadge* badge() const { return m_badge; }

signals:
    void idCopied();

private:
    QString m_id;
    TextLabel* m_name = nullptr;
    StatusBadge* m_badge = nullptr;
    QFormLayout* m_form = nullptr;
    QPushButton* m_copy = nullptr;
};

} // namespace portreeve
