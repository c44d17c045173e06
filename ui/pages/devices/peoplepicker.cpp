// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/devices/peoplepicker.h"

#include "ui/models/appcontext.h"
#include "ui/models/directorysearcher.h"
#include "ui/theme/theme.h"
#include "ui/widgets/searchedit.h"
#include "ui/widgets/textlabel.h"

#include <QGridLayout>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QRegularExpression>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

constexpr int kRowRole = Qt::UserRole;
constexpr int kIsGroupRole = Qt::UserRole + 1;
constexpr std::size_t kShownHits = 20;

QStringList listEntries(const QString& text)
{
    static const QRegularExpression separators(u"[\\s,;]+"_s);
    return text.split(separators, Qt::SkipEmptyParts);
}

bool isList(const QString& text)
{
    return text.count(u'@') > 1 || text.contains(u',') || text.contains(u';');
}

QString nameOf(const devices::LinkUser& user)
{
    return user.name.isEmpty() ? user.email : user.name;
}

} // namespace

PeoplePicker::PeoplePicker(const AppContext& context, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_userSearch(new DirectorySearcher(context.workers, this))
    , m_groupSearch(new DirectorySearcher(context.workers, this))
    , m_search(new SearchEdit(tr("Search people and groups, or paste a list of addresses"), this))
    , m_hits(new QListWidget(this))
    , m_chosen(new QListWidget(this))
    , m_note(makeMutedLabel({}, this))
{
    m_search->setObjectName(u"peopleSearch"_s);
    m_hits->setObjectName(u"peopleHits"_s);
    m_hits->setAccessibleName(tr("People and groups found"));
    m_chosen->setObjectName(u"peopleChosen"_s);
    m_chosen->setAccessibleName(tr("People chosen"));
    m_chosen->setSelectionMode(QAbstractItemView::ExtendedSelection);
    for (auto* list : { m_hits, m_chosen }) {
        list->setTextElideMode(Qt::ElideMiddle);
        list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    }
    auto* remove = new QPushButton(theme::icon(u"remove"_s), tr("Re&move"), this);
    remove->setAutoDefault(false);
    remove->setObjectName(u"takeOut"_s);
    remove->setEnabled(false);
    auto* chosenLabel = new QLabel(tr("C&hosen:"), this);
    chosenLabel->setBuddy(m_chosen);
    auto* layout = new QGridLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(theme::spacing(2));
    layout->addWidget(m_search, 0, 0, 1, 2);
    auto* hitsLabel = new QLabel(tr("&Found:"), this);
    hitsLabel->setBuddy(m_hits);
    auto* found = new QVBoxLayout;
    found->addWidget(hitsLabel);
    found->addWidget(m_hits, 1);
    layout->addLayout(found, 1, 0);
    auto* side = new QVBoxLayout;
    side->addWidget(chosenLabel);
    side->addWidget(m_chosen, 1);
    side->addWidget(remove, 0, Qt::AlignLeft);
    layout->addLayout(side, 1, 1);
    layout->addWidget(m_note, 2, 0, 1, 2);
    layout->setColumnStretch(0, 1);
    layout->setColumnStretch(1, 1);
    connect(m_chosen, &QListWidget::itemSelectionChanged, this,
        [this, remove] { remove->setEnabled(!m_chosen->selectedItems().isEmpty()); });
    connect(remove, &QPushButton::clicked, this, [this] {
        for (const auto* item : m_chosen->selectedItems()) {
            std::erase_if(m_people, [id = item->data(Qt::UserRole).toString()](const auto& user) {
                return user.id == id;
            });
        }
        refreshChosen({});
    });
    connectSearch();
    load();
}

void PeoplePicker::connectSearch()
{
    connect(m_search, &QLineEdit::textChanged, this, &PeoplePicker::onTextChanged);
    connect(m_search, &QLineEdit::returnPressed, this, [this] {
        if (isList(m_search->text())) {
            addList(listEntries(m_search->text()));
        } else if (m_hits->count() > 0) {
            emit m_hits->itemActivated(m_hits->item(std::max(0, m_hits->currentRow())));
        }
    });
    connect(m_search, &SearchEdit::listRequested, this, [this] {
        m_hits->setFocus();
        m_hits->setCurrentRow(0);
    });
    connect(m_hits, &QListWidget::itemActivated, this, [this](const QListWidgetItem* item) {
        const auto row = static_cast<Row>(item->data(kRowRole).toUInt());
        item->data(kIsGroupRole).toBool() ? addMembers(row) : addUser(row);
    });
    connect(m_hits, &QListWidget::itemClicked, m_hits, &QListWidget::itemActivated);
    connect(m_userSearch, &DirectorySearcher::answered, this,
        [this](const auto&, const DirectoryAnswer& answer) { showPeople(answer); });
    connect(m_groupSearch, &DirectorySearcher::answered, this,
        [this](const auto&, const DirectoryAnswer& answer) { showGroups(answer); });
}

QWidget* PeoplePicker::searchField() const
{
    return m_search;
}

void PeoplePicker::load()
{
    m_note->setText(tr("Reading the directory…"));
    m_context.store.run(&PeopleIndex::load)
        .then(this, [this](const Result<PeopleIndexPtr>& loaded) {
            if (!loaded) {
                m_note->setText(loaded.error().what.translated());
                return;
            }
            m_index = *loaded;
            m_userSearch->setIndex(m_index->directory());
            m_groupSearch->setIndex(m_index->directory());
            onTextChanged(m_search->text());
        });
}

void PeoplePicker::onTextChanged(const QString& text)
{
    m_hits->clear();
    if (!m_index) {
        return;
    }
    if (text.trimmed().isEmpty()) {
        m_note->setText(m_index->directory()->userCount() == 0
                ? tr("The directory is empty: sync an identity provider first.")
                : tr("Type a part of a name, an address or a group. Enter adds the first found."));
        return;
    }
    if (isList(text)) {
        m_note->setText(tr("Press Enter to add everybody of the list."));
        return;
    }
    m_note->setText({});
    m_userSearch->ask({ .list = DirectoryList::Users, .text = text.trimmed() });
    m_groupSearch->ask({ .list = DirectoryList::Groups, .text = text.trimmed() });
}

void PeoplePicker::showPeople(const DirectoryAnswer& answer)
{
    if (answer.query.text != m_search->text().trimmed()) {
        return;
    }
    for (int line = m_hits->count() - 1; line >= 0; --line) {
        if (!m_hits->item(line)->data(kIsGroupRole).toBool()) {
            delete m_hits->takeItem(line);
        }
    }
    const std::size_t shown = std::min(answer.rows.size(), kShownHits);
    for (std::size_t i = 0; i < shown; ++i) {
        const auto user = m_index->at(answer.rows[i]);
        auto* item = new QListWidgetItem(theme::icon(u"user"_s), personText(user));
        item->setData(kRowRole, answer.rows[i]);
        item->setData(kIsGroupRole, false);
        item->setToolTip(user.id);
        m_hits->insertItem(static_cast<int>(i), item);
    }
    if (answer.rows.empty() && m_hits->count() == 0) {
        m_note->setText(tr("Nobody matches."));
    }
}

void PeoplePicker::showGroups(const DirectoryAnswer& answer)
{
    if (answer.query.text != m_search->text().trimmed()) {
        return;
    }
    constexpr std::size_t shownGroups = 5;
    const std::size_t shown = std::min(answer.rows.size(), shownGroups);
    for (std::size_t i = 0; i < shown; ++i) {
        const auto place = m_index->directory()->groupPlace(answer.rows[i]);
        const auto& snapshot = *m_index->directory()->connection(place.connection).snapshot;
        auto* item = new QListWidgetItem(theme::icon(u"group"_s),
            tr("Members of %1 (%L2)")
                .arg(snapshot.groupNames().text(place.row))
                .arg(m_index->directory()->peopleOfGroup(answer.rows[i])),
            m_hits);
        item->setData(kRowRole, answer.rows[i]);
        item->setData(kIsGroupRole, true);
        m_note->setText({});
    }
}

void PeoplePicker::addUser(Row row)
{
    const auto user = m_index->at(row);
    const bool isAdded = add(user);
    m_search->clear();
    m_search->setFocus(); // for the next
    refreshChosen(isAdded ? QStringList() : QStringList { nameOf(user) });
}

void PeoplePicker::addMembers(Row group)
{
    const auto place = m_index->directory()->groupPlace(group);
    const auto& directory = m_index->directory()->connection(place.connection);
    QStringList withoutId;
    for (const Row member : directory.closure->effectiveUsers(place.row)) {
        const auto user = m_index->at(m_index->directory()->userRow({ place.connection, member }));
        if (directory.snapshot->userState(member) != UserState::Suspended && !add(user)) {
            withoutId << nameOf(user);
        }
    }
    m_search->clear();
    m_search->setFocus();
    refreshChosen(withoutId);
}

QStringList PeoplePicker::keysOf(Row row, const QString& id) const
{
    const auto place = m_index->directory()->userPlace(row);
    const auto& snapshot = *m_index->directory()->connection(place.connection).snapshot;
    return { snapshot.userEmails().text(place.row).toLower(), id.toLower(),
        snapshot.userLogins().text(place.row).toLower() };
}

void PeoplePicker::addList(const QStringList& entries)
{
    QSet<QString> wanted;
    for (const QString& entry : entries) {
        wanted.insert(entry.toLower());
    }
    QSet<QString> found;
    QStringList withoutId;
    for (Row row = 0; row < m_index->directory()->userCount(); ++row) {
        const auto user = m_index->at(row);
        const auto keys = keysOf(row, user.id);
        QSet<QString> named(keys.begin(), keys.end());
        named.intersect(wanted);
        found += named;
        if (!named.isEmpty() && !add(user)) {
            withoutId << nameOf(user);
        }
    }
    m_search->clear();
    refreshChosen(withoutId, wanted - found);
}

bool PeoplePicker::add(const devices::LinkUser& user)
{
    if (user.id.isEmpty()) {
        return false;
    }
    const bool isThere = std::any_of(m_people.begin(), m_people.end(),
        [&user](const auto& other) { return other.id == user.id; });
    if (!isThere) {
        m_people.push_back(user);
    }
    return true;
}

void PeoplePicker::refreshChosen(const QStringList& withoutId, const QSet<QString>& unknown)
{
    m_chosen->clear();
    for (const auto& user : m_people) {
        auto* item = new QListWidgetItem(personText(user), m_chosen);
        item->setData(Qt::UserRole, user.id);
        item->setToolTip(user.email.isEmpty() ? user.id : user.email);
    }
    QStringList notes;
    if (!withoutId.isEmpty()) {
        notes << tr("Without an id at the proxy, as their connection's “Record id” is empty or "
                    "shared: %1")
                     .arg(withoutId.join(u", "_s));
    }
    if (!unknown.isEmpty()) {
        notes << tr("Not in the directory: %1").arg(unknown.values().join(u", "_s));
    }
    if (!notes.isEmpty()) {
        m_note->setText(notes.join(u'\n'));
    }
    emit changed();
}

} // namespace portreeve
