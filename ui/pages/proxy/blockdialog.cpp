// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/proxy/blockdialog.h"

#include "core/proxy/delivery/blocklift.h"
#include "ui/models/directorysearcher.h"
#include "ui/models/targetboard.h"
#include "ui/theme/theme.h"
#include "ui/widgets/announce.h"
#include "ui/widgets/textlabel.h"
#include "ui/widgets/timetext.h"

#include <QCompleter>
#include <QDialogButtonBox>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QStandardItemModel>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

BlockDialog::BlockDialog(const AppContext& context, const QString& targetId, QWidget* parent)
    : InReadingOrder(parent)
    , m_context(context)
    , m_targetId(targetId)
    , m_search(new DirectorySearcher(context.workers, this))
    , m_suggestions(new QStandardItemModel(this))
    , m_completer(new QCompleter(m_suggestions, this))
    , m_user(new QLineEdit(this))
    , m_who(makeMutedLabel({}, this))
    , m_block(new QPushButton(tr("&Block now"), this))
    , m_blocked(new QListWidget(this))
    , m_unblock(new QPushButton(tr("&Let in again"), this))
    , m_answer(makeTextLabel({}, this))
{
    setObjectName(u"blockDialog"_s);
    const ProxyTarget* target = m_context.targets.find(targetId);
    setWindowTitle(target == nullptr ? tr("Block now") : tr("Block now — %1").arg(target->name));
    setAttribute(Qt::WA_DeleteOnClose);
    m_user->setObjectName(u"blockUser"_s);
    m_user->setPlaceholderText(tr("Name, e-mail or id at the proxy"));
    m_who->setObjectName(u"blockWho"_s);
    m_block->setObjectName(u"blockButton"_s);
    m_unblock->setObjectName(u"unblockButton"_s);
    m_blocked->setObjectName(u"blockedUsers"_s);
    m_answer->setObjectName(u"blockAnswer"_s);
    auto* userLabel = new QLabel(tr("&User:"), this);
    userLabel->setBuddy(m_user);
    auto* listLabel = new QLabel(tr("Bl&ocked:"), this);
    listLabel->setBuddy(m_blocked);
    auto* close = new QDialogButtonBox(QDialogButtonBox::Close, this);
    auto* layout = new QGridLayout(this);
    layout->setSpacing(theme::spacing(2));
    layout->addWidget(
        makeTextLabel(tr("The proxy refuses the person on every route that is managed "
                         "from here, usually within a second. Open connections "
                         "stay. The block ends by itself two minutes after a "
                         "delivery has taken the person out of the proxy's "
                         "records."),
            this),
        0, 0, 1, 3);
    layout->addWidget(userLabel, 1, 0);
    layout->addWidget(m_user, 1, 1);
    layout->addWidget(m_block, 1, 2);
    layout->addWidget(m_who, 2, 1, 1, 2);
    layout->addWidget(listLabel, 3, 0, Qt::AlignTop);
    layout->addWidget(m_blocked, 3, 1);
    layout->addWidget(m_unblock, 3, 2, Qt::AlignTop);
    layout->addWidget(m_answer, 4, 0, 1, 3);
    layout->addWidget(close, 5, 0, 1, 3);
    connect(close, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_user, &QLineEdit::textChanged, this, &BlockDialog::refreshButtons);
    connect(m_user, &QLineEdit::textChanged, this, &BlockDialog::nameUser);
    connect(m_blocked, &QListWidget::currentRowChanged, this, &BlockDialog::refreshButtons);
    connect(m_block, &QPushButton::clicked, this, [this] { ask(m_user->text().trimmed(), true); });
    connect(m_unblock, &QPushButton::clicked, this,
        [this] { ask(m_blocked->currentItem()->data(Qt::UserRole).toString(), false); });
    connect(&m_context.deliveries, &DeliveryService::blockFinished, this,
        [this](const QString& id, const Result<BlockReport>& report) {
            if (id == m_targetId) {
                showReport(report);
            }
        });
    makeCompleter();
    refreshButtons();
    load();
    loadPeople();
}

/// A person is found by what the administrator knows of them; what is blocked is the id.
void BlockDialog::makeCompleter()
{
    m_completer->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
    m_completer->setCompletionRole(Qt::UserRole);
    m_user->setCompleter(m_completer);
    connect(m_user, &QLineEdit::textEdited, this, &BlockDialog::searchPeople);
    connect(m_search, &DirectorySearcher::answered, this,
        [this](const auto&, const DirectoryAnswer& answer) { suggest(answer); });
}

void BlockDialog::searchPeople()
{
    m_suggestions->clear();
    if (const QString text = m_user->text().trimmed(); m_people && !text.isEmpty()) {
        m_search->ask({ .list = DirectoryList::Users, .text = text });
    }
}

void BlockDialog::suggest(const DirectoryAnswer& answer)
{
    constexpr std::size_t most = 10;
    if (answer.query.text != m_user->text().trimmed()) {
        return;
    }
    m_suggestions->clear();
    for (std::size_t i = 0; i < std::min(answer.rows.size(), most); ++i) {
        const auto person = m_people->at(answer.rows[i]);
        if (person.id.isEmpty()) {
            continue; // the proxy could not know whom
        }
        auto* item = new QStandardItem(theme::icon(u"user"_s), personText(person));
        item->setData(person.id, Qt::UserRole);
        m_suggestions->appendRow(item);
    }
    const bool isTheId = m_suggestions->rowCount() == 1
        && m_suggestions->item(0)->data(Qt::UserRole).toString() == answer.query.text;
    if (m_suggestions->rowCount() > 0 && !isTheId && m_user->hasFocus()) {
        m_completer->complete();
    }
}

void BlockDialog::nameUser()
{
    const auto person
        = m_people ? m_people->find(m_user->text().trimmed()) : std::optional<devices::LinkUser>();
    m_who->setText(person ? personText(*person) : QString());
}

QString BlockDialog::described(const QString& userId) const
{
    const auto person = m_people ? m_people->find(userId) : std::optional<devices::LinkUser>();
    return person && !person->name.isEmpty() && person->name != userId
        ? tr("%1 (%2)").arg(person->name, userId)
        : userId;
}

void BlockDialog::loadPeople()
{
    m_context.store.run(&PeopleIndex::load)
        .then(this, [this](const Result<PeopleIndexPtr>& loaded) {
            if (loaded) { // else the id can still be typed
                m_people = *loaded;
                m_search->setIndex(m_people->directory());
                searchPeople();
                nameUser();
                showBlocked();
            }
        });
}

void BlockDialog::load()
{
    m_context.store
        .run([id = m_targetId](Store& store) { return store.targets().blockedUsers(id); })
        .then(this, [this](const Result<std::vector<BlockedUser>>& blocked) {
            if (blocked) {
                m_stored = *blocked;
                showBlocked();
            } else {
                m_answer->setText(blocked.error().what.translated());
            }
        });
}

void BlockDialog::showBlocked()
{
    const int chosen = m_blocked->currentRow();
    m_blocked->clear();
    for (const BlockedUser& user : m_stored) {
        const QString who = described(user.userId);
        const auto now = m_context.clock.nowUtc();
        const auto lift = liftsAt(user);
        auto* item = new QListWidgetItem(lift
                ? tr("%1 (since %2, has left; ends by itself with the first delivery after %3)")
                      .arg(who, shortTime(user.blockedAt, now), shortTime(*lift, now))
                : tr("%1 (since %2)").arg(who, shortTime(user.blockedAt, now)),
            m_blocked);
        item->setData(Qt::UserRole, user.userId);
    }
    m_blocked->setCurrentRow(std::min(chosen, m_blocked->count() - 1));
    refreshButtons();
}

void BlockDialog::ask(const QString& userId, bool isBlocked)
{
    m_isBusy = true;
    m_asked = { .targetId = m_targetId, .userId = userId, .blocked = isBlocked };
    refreshButtons();
    m_answer->setText(tr("Asking the proxy…"));
    m_context.deliveries.setBlocked(m_asked);
}

void BlockDialog::showReport(const Result<BlockReport>& report)
{
    m_isBusy = false;
    QString text;
    std::optional<theme::Role> role;
    if (!report) {
        text = report.error().what.translated() + u' ' + report.error().remedy.translated();
        role = theme::Role::Error;
    } else {
        switch (report->state) {
        case BlockReport::State::Done:
            text = m_asked.blocked ? tr("%1 is refused on %n route(s).", nullptr,
                                         static_cast<int>(report->routes.size()))
                                         .arg(described(m_asked.userId))
                                   : tr("%1 is let in again on %n route(s).", nullptr,
                                         static_cast<int>(report->routes.size()))
                                         .arg(described(m_asked.userId));
            role = theme::Role::Success;
            m_user->clear();
            break;
        case BlockReport::State::NotConfirmed:
            text = report->error ? QString() : tr("Written, not confirmed.");
            role = theme::Role::Warning;
            break;
        case BlockReport::State::StillLetIn:
            text = tr("Written, but the proxy still lets them in.");
            role = theme::Role::Error;
            break;
        }
        if (report->error) {
            text += u' ' + report->error->what.translated() + u' '
                + report->error->remedy.translated();
        }
        if (report->isUnknown) {
            role = role == theme::Role::Error ? role : theme::Role::Warning;
            text += u' '
                + tr("Nobody was delivered to the proxy under the id “%1”: is it the right one?")
                      .arg(m_asked.userId);
        }
        text = text.trimmed();
    }
    m_answer->setRole(role);
    m_answer->setText(text);
    announce(m_answer, text);
    load();
}

void BlockDialog::refreshButtons()
{
    m_block->setEnabled(!m_isBusy && !m_user->text().trimmed().isEmpty());
    m_unblock->setEnabled(!m_isBusy && m_blocked->currentItem() != nullptr);
}

} // namespace portreeve
