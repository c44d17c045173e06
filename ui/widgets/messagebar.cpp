// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/widgets/messagebar.h"

#include "core/base/error.h"
#include "ui/widgets/announce.h"
#include "ui/widgets/iconlabel.h"
#include "ui/widgets/surface.h"
#include "ui/widgets/textlabel.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QPushButton>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

theme::Role roleOf(MessageBar::Kind kind)
{
    switch (kind) {
    case MessageBar::Kind::Info:
        return theme::Role::Accent;
    case MessageBar::Kind::Success:
        return theme::Role::Success;
    case MessageBar::Kind::Warning:
        return theme::Role::Warning;
    case MessageBar::Kind::Error:
        return theme::Role::Error;
    }
    return theme::Role::Accent;
}

QString iconOf(MessageBar::Kind kind)
{
    switch (kind) {
    case MessageBar::Kind::Info:
        return u"info"_s;
    case MessageBar::Kind::Success:
        return u"success"_s;
    case MessageBar::Kind::Warning:
        return u"warning"_s;
    case MessageBar::Kind::Error:
        return u"error"_s;
    }
    return {};
}

} // namespace

MessageBar::MessageBar(QWidget* parent)
    : QFrame(parent)
    , m_icon(new IconLabel(this))
    , m_text(makeTextLabel({}, this))
    , m_actions(new QHBoxLayout)
    , m_close(new QToolButton(this))
{
    setObjectName(u"messageBar"_s);
    m_text->setObjectName(u"messageBarText"_s);
    m_text->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    m_close->setObjectName(u"messageBarClose"_s);
    m_close->setIcon(theme::icon(u"close"_s));
    m_close->setAutoRaise(true);
    m_close->setToolTip(tr("Dismiss"));
    m_close->setAccessibleName(tr("Dismiss message"));
    m_close->setFocusPolicy(Qt::TabFocus);

    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(
        theme::spacing(3), theme::spacing(2), theme::spacing(2), theme::spacing(2));
    layout->setSpacing(theme::spacing(2));
    layout->addWidget(m_icon);
    layout->addWidget(m_text, 1);
    layout->addLayout(m_actions);
    layout->addWidget(m_close);
    connect(m_close, &QToolButton::clicked, this, &MessageBar::dismiss);
    hide();
}

void MessageBar::showMessage(Kind kind, const QString& text, std::vector<Action> actions)
{
    m_kind = kind;
    m_icon->setIcon(theme::icon(iconOf(kind), roleOf(kind)), theme::iconExtent());
    m_text->setText(text);
    setActions(std::move(actions));
    show();
    update();
    announce(this, text);
}

void MessageBar::showError(const Error& error, std::vector<Action> actions)
{
    QString text = error.what.translated();
    if (!error.remedy.isEmpty()) {
        text += u' ' + error.remedy.translated();
    }
    auto* button = new QPushButton(tr("Copy details"), this);
    showMessage(Kind::Error, text, std::move(actions));
    connect(button, &QPushButton::clicked, this,
        [all = error.toText()] { QGuiApplication::clipboard()->setText(all); });
    m_actions->addWidget(button);
}

void MessageBar::dismiss()
{
    if (isHidden()) {
        return;
    }
    hide();
    emit dismissed();
}

QString MessageBar::text() const
{
    return m_text->text();
}

void MessageBar::paintEvent(QPaintEvent* /*event*/)
{
    const theme::Role role = roleOf(m_kind);
    paintSurface(this, theme::tint(role, palette()), theme::color(role, palette()));
}

void MessageBar::setActions(std::vector<Action> actions)
{
    while (auto* item = m_actions->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater();
        delete item;
    }
    for (auto& action : actions) {
        auto* button = new QPushButton(action.text, this);
        connect(button, &QPushButton::clicked, this, [this, trigger = std::move(action.trigger)] {
            dismiss();
            trigger();
        });
        m_actions->addWidget(button);
    }
}

} // namespace portreeve
