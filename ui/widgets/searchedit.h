// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QLineEdit>

namespace portreeve {

/// Search or filter field: magnifier, clear button, Esc clears. Emits textChanged at once; who
/// listens drops stale answers.
class SearchEdit final : public QLineEdit
{
    Q_OBJECT

public:
    /// @param purpose  placeholder and accessible name: "Search people and groups"
    explicit SearchEdit(const QString& purpose, QWidget* parent = nullptr);

signals:
    /// Down was pressed: the list below may take the focus.
    void listRequested();

protected:
    void keyPressEvent(QKeyEvent* event) override;
};

} // namespace portreeve
