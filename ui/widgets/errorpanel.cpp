// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/widgets/errorpanel.h"

#include "ui/theme/theme.h"
#include "ui/widgets/announce.h"
#include "ui/widgets/iconlabel.h"
#include "ui/widgets/surface.h"
#include "ui/widgets/textlabel.h"

#include <QClipboard>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace portreeve {

ErrorPanel::ErrorPanel(QWidget* parent)
    : QFrame(parent)
    , m_icon(new IconLabel(this))
    , m_what(makeTextLabel({}, this))
    , m_remedy(makeTextLabel({}, this))
    , m_toggle(new QToolButton(this))
    , m_copy(new QPushButton(tr("Cop&y all"), this))
    , m_details(new QPlainTextEdit(this))
    , m_buttons(new QHBoxLayout)
{
    setObjectName(u"errorPanel"_s);
    m_what->setObjectName(u"errorWhat"_s);
    m_remedy->setObjectName(u"errorRemedy"_s);
    m_icon->setIcon(theme::icon(u"error"_s, theme::Role::Error), theme::iconExtent());
    QFont bold = m_what->font();
    bold.setWeight(QFont::DemiBold);
    m_what->setFont(bold);
    m_toggle->setText(tr("Detai&ls"));
    m_toggle->setCheckable(true);
    m_toggle->setAutoRaise(true);
    m_toggle->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_toggle->setIcon(theme::icon(u"chevron-right"_s));
    m_toggle->setFocusPolicy(Qt::StrongFocus);
    m_details->setReadOnly(true);
    m_details->setTabChangesFocus(true);
    m_details->setAccessibleName(tr("Technical details"));
    m_details->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_details->setFixedHeight(m_details->fontMetrics().lineSpacing() * 7);
    m_details->hide();

    m_buttons->addWidget(m_toggle);
    m_buttons->addStretch(1);
    m_buttons->addWidget(m_copy);
    auto* column = new QVBoxLayout;
    column->setSpacing(theme::spacing(1));
    column->addWidget(m_what);
    column->addWidget(m_remedy);
    column->addLayout(m_buttons);
    column->addWidget(m_details);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(
        theme::spacing(3), theme::spacing(3), theme::spacing(3), theme::spacing(2));
    layout->setSpacing(theme::spacing(3));
    layout->addWidget(m_icon, 0, Qt::AlignTop);
    layout->addLayout(column, 1);

    connect(m_toggle, &QToolButton::toggled, this, [this](bool open) {
        m_details->setVisible(open);
        m_toggle->setIcon(theme::icon(open ? u"chevron-down"_s : u"chevron-right"_s));
    });
    connect(m_copy, &QPushButton::clicked, this,
        [this] { QGuiApplication::clipboard()->setText(m_all); });
    hide();
}

void ErrorPanel::setError(const std::optional<Error>& error)
{
    setVisible(error.has_value());
    if (!error) {
        return;
    }
    m_all = error->toText();
    m_what->setText(error->what.translated());
    m_remedy->setText(error->remedy.translated());
    m_remedy->setVisible(!error->remedy.isEmpty());
    m_details->setPlainText(tr("Code: %1").arg(errorCodeName(error->code)) + u"\n"_s + m_all);
    m_toggle->setChecked(false);
    announce(this, m_what->text());
}

QPushButton* ErrorPanel::addButton(const QString& text)
{
    auto* button = new QPushButton(text, this);
    m_buttons->addWidget(button);
    return button;
}

void ErrorPanel::paintEvent(QPaintEvent* /*event*/)
{
    paintSurface(this, theme::tint(theme::Role::Error, palette()),
        theme::color(theme::Role::Error, palette()));
}

} // namespace portreeve
