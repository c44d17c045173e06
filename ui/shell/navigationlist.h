// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QListWidget>

namespace portreeve {

/// The pages at the left edge: icon and title, one always current, arrow keys move.
class NavigationList final : public QListWidget
{
    Q_OBJECT

public:
    explicit NavigationList(QWidget* parent = nullptr);

    void addPage(const QString& title, const QString& iconName, const QString& shortcut);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void changeEvent(QEvent* event) override;

private:
    void recolour();

    bool m_recolouring = false;
};

} // namespace portreeve
