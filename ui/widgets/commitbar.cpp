// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/widgets/commitbar.h"

#include "ui/theme/theme.h"
#include "ui/widgets/announce.h"
#include "ui/widgets/textlabel.h"

#include <QHBoxLayout>
#include <QKeySequence>
#include <QPainter>
#include <QPushButton>
#include <QShortcut>

using namespace Qt::StringLiterals;

namespace portreeve {

CommitBar::CommitBar(QWidget* parent)
    : QFrame(parent)
    , m_state(new TextLabel({}, this))
    , m_discard(new QPushButton(tr("&Discard"), this))
    , m_save(new QPushButton(tr("Sav&e"), this))
{
    setObjectName(u"commitBar"_s);
    m_state->setObjectName(u"commitState"_s);
    m_discard->setObjectName(u"discardButton"_s);
    m_save->setObjectName(u"saveButton"_s);
    m_save->setToolTip(QKeySequence(QKeySequence::Save).toString(QKeySequence::NativeText));
    m_save->setDefault(true);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(
        theme::spacing(4), theme::spacing(2), theme::spacing(4), theme::spacing(2));
    layout->addWidget(m_state, 1);
    layout->addWidget(m_discard);
    layout->addWidget(m_save);
    connect(m_save, &QPushButton::clicked, this, &CommitBar::saveRequested);
    connect(m_discard, &QPushButton::clicked, this, &CommitBar::discardRequested);
    refresh();
}

void CommitBar::takeSaveKeys(QWidget* area)
{
    auto* keys = new QShortcut(QKeySequence::Save, area);
    keys->setContext(Qt::WidgetWithChildrenShortcut);
    connect(keys, &QShortcut::activated, this, [this] {
        if (m_save->isEnabled()) {
            emit saveRequested();
        }
    });
}

void CommitBar::setDirty(bool dirty)
{
    m_dirty = dirty;
    refresh();
}

void CommitBar::setBusy(bool busy)
{
    m_busy = busy;
    refresh();
}

void CommitBar::setProblem(const QString& text)
{
    m_problem = text;
    refresh();
    if (!text.isEmpty()) {
        announce(m_state, text);
    }
}

void CommitBar::setSaveText(const QString& text)
{
    m_save->setText(text);
}

void CommitBar::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    painter.setPen(theme::outline(palette()));
    painter.drawLine(0, 0, width(), 0);
}

void CommitBar::refresh()
{
    const bool isUsable = m_dirty && !m_busy;
    if (!isUsable && m_placeAfter != nullptr && (m_save->hasFocus() || m_discard->hasFocus())) {
        m_placeAfter->setFocus(Qt::OtherFocusReason);
    }
    m_save->setEnabled(isUsable);
    m_discard->setEnabled(isUsable);
    m_state->setRole(m_problem.isEmpty() ? theme::Role::Muted : theme::Role::Error);
    if (!m_problem.isEmpty()) {
        m_state->setText(m_problem);
    } else if (m_busy) {
        m_state->setText(tr("Saving…"));
    } else {
        m_state->setText(m_dirty ? tr("Unsaved changes") : tr("No unsaved changes"));
    }
}

} // namespace portreeve
