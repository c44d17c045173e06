// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/firstrun/firstrunpanel.h"

#include "ui/models/connectionwatch.h"
#include "ui/pages/providers/connectionwrites.h"
#include "ui/theme/theme.h"
#include "ui/widgets/iconlabel.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/surface.h"
#include "ui/widgets/textlabel.h"
#include "ui/widgets/timetext.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

constexpr int kSampleSizes[] { 50, 5'000, 100'000 };

} // namespace

FirstRunPanel::FirstRunPanel(const AppContext& context, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_message(new MessageBar(this))
{
    setObjectName(u"firstRunPanel"_s);
    auto* icon = new IconLabel(this);
    icon->setIcon(theme::icon(u"portreeve"_s), theme::iconExtent(4));
    auto* title = makeTitle(tr("Welcome to Portreeve"), this);
    auto* text = makeMutedLabel(
        tr("Portreeve reads your company's people and groups, shows what would change before "
           "anything does, and keeps your access proxy in step."),
        this);
    text->setAlignment(Qt::AlignCenter);
    text->setFixedWidth(fontMetrics().averageCharWidth() * 76);
    text->setMinimumHeight(text->heightForWidth(text->width()));
    auto* cards = new QHBoxLayout;
    cards->setSpacing(theme::spacing(4));
    cards->addStretch(1);
    cards->addWidget(makeProviderCard(), 3);
    cards->addWidget(makeSampleCard(), 3);
    cards->addStretch(1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(
        theme::spacing(6), theme::spacing(5), theme::spacing(6), theme::spacing(5));
    layout->setSpacing(theme::spacing(3));
    layout->addWidget(m_message);
    layout->addStretch(2);
    layout->addWidget(icon, 0, Qt::AlignHCenter);
    layout->addWidget(title, 0, Qt::AlignHCenter);
    layout->addWidget(text, 0, Qt::AlignHCenter);
    layout->addSpacing(theme::spacing(3));
    layout->addLayout(cards);
    layout->addStretch(3);
}

void FirstRunPanel::addSample(int users)
{
    for (auto* button : m_samples) {
        button->setEnabled(false);
    }
    const Connection sample { .name = tr("Sample directory (%1 people)").arg(countText(users)),
        .provider = u"sample"_s,
        .options = { { u"users"_s, QString::number(users) } } };
    storeConnection(m_context, { .connection = sample })
        .then(this, [this](const Result<Connection>& stored) {
            for (auto* button : m_samples) {
                button->setEnabled(true);
            }
            if (!stored) {
                m_message->showError(stored.error());
                return;
            }
            m_context.connections.refresh();
            m_context.sync.sync(stored->id);
        });
}

Card* FirstRunPanel::makeProviderCard()
{
    auto* card = new Card(tr("Connect your directory"), this);
    card->setSubtitle(tr("Choose your identity provider, test the connection, look at what the "
                         "first sync would bring in. You can leave at any step and go on later."));
    auto* button = new QPushButton(theme::icon(u"add"_s), tr("&Add identity provider"), card);
    button->setObjectName(u"firstRunProvider"_s);
    button->setDefault(true);
    connect(button, &QPushButton::clicked, this, &FirstRunPanel::providerRequested);
    card->body()->addStretch(1);
    card->body()->addWidget(button, 0, Qt::AlignLeading);
    return card;
}

Card* FirstRunPanel::makeSampleCard()
{
    auto* card = new Card(tr("Try it on made-up people"), this);
    card->setSubtitle(tr("A sample company, invented on this computer and marked as made up. It "
                         "needs no network and can be removed at any time."));
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(theme::spacing(2));
    for (const int size : kSampleSizes) {
        auto* button = new QPushButton(tr("%1 people").arg(countText(size)), card);
        button->setObjectName(u"sample%1"_s.arg(size));
        button->setAccessibleName(tr("Make up a sample directory of %1 people").arg(size));
        connect(button, &QPushButton::clicked, this, [this, size] { addSample(size); });
        buttons->addWidget(button);
        m_samples.append(button);
    }
    buttons->addStretch(1);
    card->body()->addStretch(1);
    card->body()->addLayout(buttons);
    return card;
}

} // namespace portreeve
