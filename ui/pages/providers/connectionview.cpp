// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/providers/connectionview.h"

#include "core/connectors/registry.h"
#include "ui/models/connectionwatch.h"
#include "ui/pages/providers/connectionform.h"
#include "ui/widgets/commitbar.h"
#include "ui/widgets/confirmdialog.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/focusreturn.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/progressstrip.h"
#include "ui/widgets/statusbadge.h"
#include "ui/widgets/testpanel.h"
#include "ui/widgets/textlabel.h"
#include "ui/widgets/timetext.h"

#include <QCoreApplication>
#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollArea>

using namespace Qt::StringLiterals;

namespace portreeve {

ConnectionView::ConnectionView(const AppContext& context, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_title(makeTitle({}, this))
    , m_facts(makeMutedLabel({}, this))
    , m_badge(new StatusBadge(this))
    , m_preview(new QPushButton(theme::icon(u"changes"_s), tr("&Preview changes"), this))
    , m_sync(new QPushButton(theme::icon(u"sync"_s), tr("Sync &now"), this))
    , m_test(new QPushButton(theme::icon(u"test"_s), tr("&Test connection"), this))
    , m_enable(new QPushButton(this))
    , m_remove(new QPushButton(theme::icon(u"remove"_s), tr("Re&move…"), this))
    , m_message(new MessageBar(this))
    , m_progress(new ProgressStrip(this))
    , m_error(new ErrorPanel(this))
    , m_report(new TestPanel(this))
    , m_scroll(new QScrollArea(this))
    , m_commit(new CommitBar(this))
{
    setObjectName(u"connectionView"_s);
    m_preview->setObjectName(u"previewButton"_s);
    m_sync->setObjectName(u"syncButton"_s);
    m_test->setObjectName(u"testButton"_s);
    m_enable->setObjectName(u"enableButton"_s);
    m_remove->setObjectName(u"removeButton"_s);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    buildHeader(layout);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    layout->addWidget(m_scroll, 1);
    layout->addWidget(m_commit);
    connectParts();
}

void ConnectionView::buildHeader(QVBoxLayout* layout)
{
    auto* titleLine = new QHBoxLayout;
    titleLine->setSpacing(theme::spacing(3));
    titleLine->addWidget(m_title);
    titleLine->addWidget(m_badge);
    titleLine->addStretch(1);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(theme::spacing(2));
    for (auto* button : { m_preview, m_sync, m_test, m_enable }) {
        buttons->addWidget(button);
    }
    new FocusReturn({ m_preview, m_sync, m_test, m_enable }, this);
    buttons->addStretch(1);
    buttons->addWidget(m_remove);
    auto* header = new QVBoxLayout;
    header->setContentsMargins(
        theme::spacing(5), theme::spacing(4), theme::spacing(5), theme::spacing(3));
    header->setSpacing(theme::spacing(2));
    header->addLayout(titleLine);
    header->addWidget(m_facts);
    header->addLayout(buttons);
    header->addWidget(m_message);
    header->addWidget(m_progress);
    header->addWidget(m_error);
    header->addWidget(m_report);
    layout->addLayout(header);
}

void ConnectionView::connectParts()
{
    connect(m_preview, &QPushButton::clicked, this, [this] {
        const Connection* connection = m_context.connections.find(m_id);
        if (connection != nullptr && connection->generation == 0) {
            emit setUpRequested(m_id);
        } else {
            m_context.sync.plan(m_id);
            emit planRequested(m_id);
        }
    });
    connect(m_sync, &QPushButton::clicked, this, [this] { m_context.sync.sync(m_id); });
    connect(m_test, &QPushButton::clicked, this, &ConnectionView::test);
    connect(m_enable, &QPushButton::clicked, this, &ConnectionView::toggleEnabled);
    connect(m_remove, &QPushButton::clicked, this, &ConnectionView::askRemoval);
    connect(
        m_progress, &ProgressStrip::cancelRequested, this, [this] { m_context.sync.cancel(m_id); });
    m_commit->takeSaveKeys(this);
    m_commit->setPlaceAfter(m_preview);
    connect(m_commit, &CommitBar::saveRequested, this, [this] { save([](bool) { }); });
    connect(m_commit, &CommitBar::discardRequested, this, &ConnectionView::discard);
    connect(&m_context.sync, &SyncService::testFinished, this,
        [this](const QString& id, const Result<TestReport>& report) {
            if (id != m_id) {
                return;
            }
            if (report) {
                m_report->setReport(*report);
            } else {
                m_report->setError(report.error());
            }
        });
    connect(&m_context.connections, &ConnectionWatch::connectionsChanged, this,
        &ConnectionView::refresh);
    connect(&m_context.connections, &ConnectionWatch::runChanged, this, [this](const QString& id) {
        if (id == m_id) {
            refresh();
        }
    });
}

void ConnectionView::showConnection(const QString& connectionId)
{
    if (connectionId == m_id) {
        return;
    }
    m_id = connectionId;
    m_message->dismiss();
    m_report->clear();
    m_progress->finish();
    if (const Connection* connection = m_context.connections.find(m_id)) {
        replaceForm(*connection);
    }
    refresh();
}

void ConnectionView::refresh()
{
    const Connection* connection = m_context.connections.find(m_id);
    if (connection == nullptr) {
        return;
    }
    const auto now = m_context.clock.nowUtc();
    const auto* connector = findConnector(connection->provider);
    m_title->setText(connection->name);
    m_badge->setState(m_context.connections.shownState(*connection));
    const QString provider = connector != nullptr
        ? QCoreApplication::translate("Connector", connector->name)
        : connection->provider;
    QStringList facts { provider, scheduleText(*connection, now, m_context.sync.isPaused()) };
    QStringList exact;
    if (connection->lastSuccessAt) {
        facts << tr("last success %1").arg(relativeTime(*connection->lastSuccessAt, now));
        exact << tr("Last success: %1").arg(exactTime(*connection->lastSuccessAt));
    }
    if (connection->nextAttemptAt) {
        exact << tr("Next: %1").arg(exactTime(*connection->nextAttemptAt));
    }
    m_facts->setText(facts.join(u" · "_s));
    m_facts->setToolTip(exact.join(u'\n'));
    m_error->setError(connection->lastError);
    const auto progress = m_context.connections.progress(m_id);
    if (progress && !m_progress->isActive()) {
        m_progress->start(tr("Working on %1").arg(connection->name));
    }
    if (progress) {
        m_progress->setProgress(*progress);
    } else {
        m_progress->finish();
    }
    refreshButtons(*connection);
    if (m_form != nullptr && !m_form->isDirty() && !m_saving) {
        m_form->setConnection(*connection);
    }
}

bool ConnectionView::hasUnsavedChanges() const
{
    return m_form != nullptr && m_form->isDirty();
}

void ConnectionView::save(const std::function<void(bool)>& done)
{
    if (m_form == nullptr || m_saving) {
        done(m_form == nullptr);
        return;
    }
    m_commit->setProblem({});
    if (!m_form->check()) {
        auto* wrong = m_form->firstInvalid();
        m_scroll->ensureWidgetVisible(wrong);
        wrong->setFocus();
        m_commit->setProblem(tr("Not saved: a field is not right yet."));
        done(false);
        return;
    }
    m_saving = true;
    m_commit->setBusy(true);
    storeConnection(m_context, m_form->edit())
        .then(this, [this, done, id = m_id](const Result<Connection>& stored) {
            m_saving = false;
            m_commit->setBusy(false);
            if (!stored) {
                showProblem(stored.error());
                done(false);
                return;
            }
            if (id == m_id) {
                m_form->setConnection(*stored);
                m_commit->setDirty(false);
                m_message->showMessage(
                    MessageBar::Kind::Success, tr("“%1” is saved.").arg(stored->name));
            }
            m_context.connections.refresh();
            done(true);
        });
}

void ConnectionView::discard()
{
    if (m_form == nullptr) {
        return;
    }
    m_form->setConnection(m_form->connection());
    m_commit->setDirty(false);
    m_commit->setProblem({});
    refresh();
}

void ConnectionView::refreshButtons(const Connection& connection)
{
    const bool isRunning = m_context.connections.progress(m_id).has_value();
    const bool isNew = connection.generation == 0;
    const bool isDisabled = connection.state == ConnectionState::Disabled;
    m_preview->setText(isNew ? tr("C&ontinue set-up") : tr("&Preview changes"));
    m_preview->setDefault(true);
    m_preview->setEnabled(!isRunning && !isDisabled);
    m_sync->setVisible(!isNew);
    m_sync->setEnabled(!isRunning && !isDisabled);
    m_test->setEnabled(!isRunning);
    m_enable->setVisible(!isNew || isDisabled);
    m_enable->setText(isDisabled ? tr("Ena&ble") : tr("Disa&ble"));
    m_enable->setIcon(theme::icon(isDisabled ? u"play"_s : u"pause"_s));
    m_enable->setToolTip(
        isDisabled ? tr("Tests the connection; it is enabled when the test passes") : QString());
    m_enable->setEnabled(!isRunning);
}

void ConnectionView::replaceForm(const Connection& connection)
{
    delete m_scroll->takeWidget();
    m_form = nullptr;
    m_commit->setDirty(false);
    m_commit->setProblem({});
    const auto* connector = findConnector(connection.provider);
    if (connector == nullptr) {
        m_message->showMessage(MessageBar::Kind::Warning,
            tr("This version has no provider called “%1”. The connection is kept as it is.")
                .arg(connection.provider));
        return;
    }
    m_form = new ConnectionForm(*connector, ConnectionForm::Extent::Everything, this);
    m_form->layout()->setContentsMargins(
        theme::spacing(5), theme::spacing(2), theme::spacing(5), theme::spacing(5));
    m_form->setConnection(connection);
    m_scroll->setWidget(m_form);
    connect(m_form, &ConnectionForm::edited, this, [this] {
        m_commit->setDirty(m_form->isDirty());
        m_commit->setProblem({});
    });
}

void ConnectionView::showProblem(const Error& error)
{
    m_commit->setProblem(tr("Not saved."));
    if (m_form->showError(error)) {
        m_scroll->ensureWidgetVisible(m_form->firstInvalid());
        m_form->firstInvalid()->setFocus();
    } else {
        m_message->showError(error);
    }
}

void ConnectionView::test()
{
    if (m_form == nullptr) {
        return;
    }
    if (!m_form->check()) {
        m_scroll->ensureWidgetVisible(m_form->firstInvalid());
        m_form->firstInvalid()->setFocus();
        return;
    }
    m_report->clear();
    const ConnectionEdit edit = m_form->edit();
    m_context.sync.test({ .connection = edit.connection, .typedSecrets = edit.typedSecrets });
}

void ConnectionView::toggleEnabled()
{
    const Connection* connection = m_context.connections.find(m_id);
    if (connection == nullptr) {
        return;
    }
    if (connection->state == ConnectionState::Disabled) {
        m_report->clear();
        m_context.sync.test({ .connection = *connection, .enables = true });
        return;
    }
    disableConnection(m_context, m_id).then(this, [this](const Result<void>& done) {
        if (!done) {
            m_message->showError(done.error());
            return;
        }
        m_message->showMessage(MessageBar::Kind::Info,
            tr("Disabled. Its people and groups stay as last read."),
            { { .text = tr("&Undo"), .trigger = [this] { toggleEnabled(); } } });
        m_context.connections.refresh();
    });
}

void ConnectionView::askRemoval()
{
    const Connection* connection = m_context.connections.find(m_id);
    if (connection == nullptr) {
        return;
    }
    connectionRemoval(m_context, *connection)
        .then(this,
            [this, connection = *connection](const Result<access::ConnectionRemoval>& removal) {
                if (!removal) {
                    m_message->showError(removal.error());
                    return;
                }
                confirmRemoval(connection, *removal);
            });
}

void ConnectionView::confirmRemoval(
    const Connection& connection, const access::ConnectionRemoval& removal)
{
    QStringList details;
    if (removal.access.losingAll > 0) {
        details.append(tr("%1 of %2 people who reach a route will reach none.")
                .arg(countText(removal.access.losingAll), countText(removal.access.withAccess)));
    }
    if (!removal.policies.empty()) {
        const QStringList names(removal.policies.begin(), removal.policies.end());
        details.append(tr("These policies name its groups and will match nobody there: %1.")
                .arg(names.join(u", "_s)));
    }
    if (!removal.protectedUsers.empty()) {
        const QStringList ids(removal.protectedUsers.begin(), removal.protectedUsers.end());
        details.append(
            tr("These users are protected: no sync may remove them. They would go too: %1.")
                .arg(ids.join(u", "_s)));
    }
    details.append(tr("Its run history stays. Its secrets are removed from the secret store."));
    ConfirmDialog::confirm(this,
        { .title = tr("Remove connection"),
            .text = tr("Remove “%1” with its %2 users and %3 groups?")
                .arg(connection.name, countText(removal.users), countText(removal.groups)),
            .details = details.join(u"\n\n"_s),
            .verb = tr("&Remove connection"),
            .typedName = connection.name },
        [this, connection, protectedUsers = removal.protectedUsers] {
            m_context.sync.cancel(connection.id);
            removeConnection(m_context, connection, protectedUsers)
                .then(this, [this, id = connection.id](const Result<void>& done) {
                    if (!done) {
                        m_message->showError(done.error());
                    }
                    m_context.connections.refresh();
                    emit removed(id);
                });
        });
}

} // namespace portreeve
