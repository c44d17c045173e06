// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/widgets/searchedit.h"

#include "ui/theme/theme.h"

#include <QKeyEvent>

using namespace Qt::StringLiterals;

namespace portreeve {

SearchEdit::SearchEdit(const QString& purpose, QWidget* parent)
    : QLineEdit(parent)
{
    setObjectName(u"searchEdit"_s);
    setPlaceholderText(purpose);
    setAccessibleName(purpose);
    setToolTip(tr("%1 (Ctrl+F)").arg(purpose));
    setClearButtonEnabled(true);
    addAction(theme::icon(u"search"_s, theme::Role::Muted), QLineEdit::LeadingPosition);
    setMinimumWidth(fontMetrics().averageCharWidth() * 28);
}

void SearchEdit::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape && !text().isEmpty()) {
        clear();
        return;
    }
    if (event->key() == Qt::Key_Down) {
        emit listRequested();
        return;
    }
    QLineEdit::keyPressEvent(event);
}

} // namespace portreeve
