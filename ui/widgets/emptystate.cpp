// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/widgets/emptystate.h"

#include "ui/theme/theme.h"
#include "ui/widgets/iconlabel.h"
#include "ui/widgets/textlabel.h"

#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

EmptyState::EmptyState(QWidget* parent)
    : QWidget(parent)
    , m_icon(new IconLabel(this))
    , m_title(makeHeading({}, this))
    , m_text(makeMutedLabel({}, this))
    , m_button(new QPushButton(this))
{
    setObjectName(u"emptyState"_s);
    m_button->setObjectName(u"emptyStateButton"_s);
    m_title->setAlignment(Qt::AlignCenter);
    m_text->setAlignment(Qt::AlignCenter);
    m_text->setMaximumWidth(fontMetrics().averageCharWidth() * 72);
    m_text->setMinimumWidth(fontMetrics().averageCharWidth() * 44);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(
        theme::spacing(6), theme::spacing(6), theme::spacing(6), theme::spacing(6));
    layout->setSpacing(theme::spacing(3));
    layout->addStretch(2);
    layout->addWidget(m_icon, 0, Qt::AlignHCenter);
    layout->addWidget(m_title, 0, Qt::AlignHCenter);
    layout->addWidget(m_text, 0, Qt::AlignHCenter);
    layout->addSpacing(theme::spacing(1));
    layout->addWidget(m_button, 0, Qt::AlignHCenter);
    layout->addStretch(3);
    connect(m_button, &QPushButton::clicked, this, &EmptyState::actionRequested);
    setContent({});
}

void EmptyState::setContent(const Content& content)
{
    m_icon->setIcon(theme::icon(content.icon, theme::Role::Muted), theme::iconExtent(3));
    m_icon->setVisible(!content.icon.isEmpty());
    m_title->setText(content.title);
    m_text->setText(content.text);
    m_text->setVisible(!content.text.isEmpty());
    // A centred item may get the height of wider lines than it has: the last lines would be cut.
    m_text->setMinimumHeight(0); // the height of an earlier text would be kept
    m_text->setMinimumHeight(std::max(0, m_text->heightForWidth(m_text->minimumWidth())));
    m_button->setText(content.buttonText);
    m_button->setVisible(!content.buttonText.isEmpty());
}

} // namespace portreeve
