// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QIcon>
#include <QWidget>

namespace portreeve {

/// Shows an icon and nothing else; paints it anew when the palette changes. Decoration: the words
/// beside it carry the meaning.
class IconLabel final : public QWidget
{
    Q_OBJECT

public:
    explicit IconLabel(QWidget* parent = nullptr);

    void setIcon(const QIcon& icon, int extent);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QIcon m_icon;
    int m_extent = 0;
};

} // namespace portreeve
