// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/widgets/announce.h"

#include <QAccessible>
#include <QWidget>

namespace portreeve {

void announce(QWidget* widget, const QString& text)
{
    widget->setAccessibleName(text);
    QAccessibleEvent event(widget, QAccessible::Alert);
    QAccessible::updateAccessibility(&event);
}

} // namespace portreeve
