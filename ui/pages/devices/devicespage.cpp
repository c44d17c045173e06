// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/devices/devicespage.h"

#include "core/proxy/targetoptions.h"
#include "ui/models/devicesmodel.h"
#include "ui/models/targetboard.h"
#include "ui/pages/devices/linksdialog.h"
#include "ui/theme/theme.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/searchedit.h"
#include "ui/widgets/tableexport.h"
#include "ui/widgets/tableview.h"
#include "ui/widgets/textlabel.h"
#include "ui/widgets/timetext.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QPushButton>
#include <QSignalBlocker>
#include <QStackedWidget>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

DevicesPage::DevicesPage(const AppContext& context, QWidget* parent)
    : Page(parent)
    , m_context(context)
    , m_board(new DeviceBoard(m_context, this))
    , m_model(new DevicesModel(this))
    , m_target(new QComboBox(this))
    , m_search(new SearchEdit(tr("Search devices"), this))
    , m_status(new QComboBox(this))
    , m_message(new MessageBar(this))
    , m_stack(new QStackedWidget(this))
    , m_empty(new EmptyState(this))
    , m_table(new TableView(u"devices"_s, this))
    , m_details(makeTextLabel({}, this))
    , m_records(new QPushButton(tr("Show recor&ds…"), this))
    , m_new(new QPushButton(theme::icon(u"add"_s), tr("&New enrollment…"), this))
    , m_approve(new QPushButton(theme::icon(u"success"_s), tr("&Approve"), this))
    , m_undo(new QPushButton(theme::icon(u"undo"_s), tr("&Undo approval"), this))
    , m_revoke(new QPushButton(theme::icon(u"remove"_s), tr("&Revoke…"), this))
    , m_copy(new QPushButton(theme::icon(u"link"_s), tr("Show &link"), this))
    , m_renew(new QPushButton(theme::icon(u"sync"_s), tr("Rene&w link"), this))
    , m_recreate(new QPushButton(theme::icon(u"undo"_s), tr("Re&create link"), this))
    , m_clean(new QPushButton(tr("Clean &up…"), this))
    , m_export(new QPushButton(theme::icon(u"export"_s), tr("&Export…"), this))
{
    m_table->setObjectName(u"devices"_s);
    m_table->setAccessibleName(tr("Devices"));
    m_table->setRowsModel(m_model);
    m_details->setObjectName(u"deviceDetails"_s);
    m_records->setObjectName(u"showRecords"_s);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_table);
    auto* layout = new QVBoxLayout(this);
    const int margin = theme::spacing(4);
    layout->setContentsMargins(margin, margin, margin, margin);
    layout->setSpacing(theme::spacing(3));
    layout->addWidget(buildBar());
    layout->addWidget(buildActions());
    layout->addWidget(m_message);
    layout->addWidget(m_stack, 1);
    auto* details = new QHBoxLayout;
    details->addWidget(m_details, 1);
    details->addWidget(m_records, 0, Qt::AlignTop);
    layout->addLayout(details);
    connectActions();
    connectBoard();
    fillTargets();
    refresh();
}

QWidget* DevicesPage::buildBar()
{
    auto* bar = new QWidget(this);
    m_target->setObjectName(u"deviceTarget"_s);
    m_target->setAccessibleName(tr("Devices of which proxy"));
    m_target->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_target->setMaximumWidth(fontMetrics().averageCharWidth() * 40);
    m_status->setObjectName(u"deviceStatus"_s);
    m_status->setAccessibleName(tr("Devices in which state"));
    m_status->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_search->setObjectName(u"deviceSearch"_s);
    m_status->addItem(tr("All"));
    for (const auto status : devices::kDeviceStatuses) {
        m_status->addItem(deviceStatusText(status));
    }
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(makeTitle(tr("Devices"), bar));
    row->addStretch(1);
    row->addWidget(m_search, 1);
    row->addWidget(m_status);
    row->addWidget(m_target);
    connect(m_target, &QComboBox::currentIndexChanged, this, &DevicesPage::chooseTarget);
    connect(m_status, &QComboBox::currentIndexChanged, this, &DevicesPage::refresh);
    connect(m_search, &QLineEdit::textChanged, this, &DevicesPage::refresh);
    connect(m_search, &SearchEdit::listRequested, m_table, qOverload<>(&QWidget::setFocus));
    return bar;
}

QWidget* DevicesPage::buildActions()
{
    auto* bar = new QWidget(this);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(theme::spacing(2));
    m_new->setObjectName(u"newEnrollment"_s);
    m_approve->setObjectName(u"approveDevice"_s);
    m_undo->setObjectName(u"undoApproval"_s);
    m_revoke->setObjectName(u"revokeDevice"_s);
    m_copy->setObjectName(u"showLink"_s);
    m_renew->setObjectName(u"renewLink"_s);
    m_recreate->setObjectName(u"recreateLink"_s);
    m_recreate->setToolTip(tr("Puts the enrollment back: a link that was handed out works again"));
    m_clean->setObjectName(u"cleanUp"_s);
    m_export->setObjectName(u"exportDevices"_s);
    for (auto* button : { m_new, m_approve, m_undo, m_copy, m_renew, m_recreate, m_revoke }) {
        row->addWidget(button);
    }
    row->addStretch(1);
    row->addWidget(m_clean);
    row->addWidget(m_export);
    return bar;
}

void DevicesPage::connectActions()
{
    const auto enrollments = [this] {
        std::vector<QString> ids;
        for (const auto* device : selected()) {
            ids.push_back(device->enrollmentId);
        }
        return ids;
    };
    connect(m_new, &QPushButton::clicked, this, &DevicesPage::newEnrollment);
    connect(m_approve, &QPushButton::clicked, this,
        [this, enrollments] { m_board->setApproved(enrollments(), true); });
    connect(m_undo, &QPushButton::clicked, this,
        [this, enrollments] { m_board->setApproved(enrollments(), false); });
    connect(m_revoke, &QPushButton::clicked, this, &DevicesPage::askRevoke);
    connect(m_copy, &QPushButton::clicked, this,
        [this] { m_board->copyLink(selected().front()->enrollmentId); });
    connect(m_renew, &QPushButton::clicked, this,
        [this] { m_board->renewLink(selected().front()->enrollmentId); });
    connect(m_recreate, &QPushButton::clicked, this,
        [this, enrollments] { m_board->recreateLinks(enrollments()); });
    connect(m_records, &QPushButton::clicked, this, [this] {
        const auto* device = selected().front();
        m_board->readRecords(
            { .enrollmentId = device->enrollmentId, .credentialId = device->credentialId });
    });
    connect(m_clean, &QPushButton::clicked, this, &DevicesPage::askHousekeeping);
    connect(m_export, &QPushButton::clicked, this,
        [this] { TableExport::ask(*m_message, *m_model, m_context.workers); });
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        refreshButtons();
        showDetails();
    });
}

void DevicesPage::connectBoard()
{
    connect(m_empty, &EmptyState::actionRequested, this, [this] {
        if (m_target->count() == 0) {
            emit navigationRequested(u"proxy"_s, u"add"_s);
        } else if (!m_board->isLoaded()) {
            m_board->load();
        } else {
            newEnrollment();
        }
    });
    connect(&m_context.targets, &TargetBoard::targetsChanged, this, &DevicesPage::fillTargets);
    connect(m_board, &DeviceBoard::changed, this, &DevicesPage::refresh);
    connect(m_board, &DeviceBoard::loadingChanged, this, &DevicesPage::showState);
    connect(m_board, &DeviceBoard::awayChanged, this, &DevicesPage::showAway);
    connect(m_board, &DeviceBoard::loadFailed, this, [this](const Error& error) {
        m_message->showError(
            error, { { .text = tr("&Try again"), .trigger = [this] { m_board->load(); } } });
    });
    connect(m_board, &DeviceBoard::linksIssued, this,
        [this](const Result<devices::IssuedLinks>& issued) {
            if (!issued) {
                m_message->showError(issued.error());
                return;
            }
            auto* dialog = new LinksDialog(*issued, m_context.clock, m_context.workers, this);
            dialog->open();
        });
    connect(m_board, &DeviceBoard::approvalsChanged, this, &DevicesPage::tellApproved);
    connect(m_board, &DeviceBoard::recordsRead, this, &DevicesPage::showRecords);
    connect(m_board, &DeviceBoard::revoked, this,
        [this](const Result<std::vector<devices::RevokeReport>>& reports) {
            if (reports) {
                tellRevoked(*reports);
            } else {
                m_message->showError(reports.error());
            }
        });
    connect(
        m_board, &DeviceBoard::houseKept, this, [this](const Result<devices::Housekeeping>& done) {
            if (!done) {
                m_message->showError(done.error());
                return;
            }
            m_message->showMessage(MessageBar::Kind::Success,
                tr("Deleted %1 expired enrollments and %2 leftovers of refused ones.")
                    .arg(done->expiredEnrollments.size())
                    .arg(done->abandonedOwners.size()));
        });
}

void DevicesPage::activate()
{
    m_board->load();
}

void DevicesPage::hideEvent(QHideEvent* event)
{
    m_board->stopFollowing();
    Page::hideEvent(event);
}

void DevicesPage::open(const QString& target)
{
    if (target == u"add") {
        newEnrollment();
    } else if (target.startsWith(u"target:")) {
        m_target->setCurrentIndex(
            std::max(0, m_target->findData(target.mid(target.indexOf(u':') + 1))));
    }
}

QWidget* DevicesPage::searchField() const
{
    return m_search;
}

void DevicesPage::fillTargets()
{
    const QString chosen = m_target->currentData().toString();
    {
        const QSignalBlocker quiet(m_target);
        m_target->clear();
        for (const ProxyTarget& target : m_context.targets.targets()) {
            const auto options = readTargetOptions(target);
            if (options && devices::deviceKeeper(*options)) {
                m_target->addItem(target.name, target.id);
            }
        }
        m_target->setCurrentIndex(
            m_target->count() == 0 ? -1 : std::max(0, m_target->findData(chosen)));
    }
    m_target->setVisible(m_target->count() > 1);
    chooseTarget();
}

void DevicesPage::chooseTarget()
{
    const QString id = m_target->currentData().toString();
    if (id != m_board->targetId()) {
        m_message->dismiss();
        m_board->setTarget(id);
        if (isVisible()) {
            m_board->load();
        }
    }
    showState();
    refreshButtons();
}

void DevicesPage::refresh()
{
    const auto rows = m_board->rows();
    const int index = m_status->currentIndex();
    const auto status = index > 0
        ? std::optional(devices::kDeviceStatuses[static_cast<std::size_t>(index - 1)])
        : std::nullopt;
    m_model->setNow(m_context.clock.nowUtc());
    m_model->setRows(rows, DevicesModel::filter(*rows, m_search->text(), status), m_board->types());
    refreshStatuses();
    showState();
    refreshButtons();
    showDetails();
}

void DevicesPage::refreshStatuses()
{
    const auto& rows = *m_board->rows();
    m_status->setItemText(0, tr("All (%1)").arg(countText(qint64(rows.size()))));
    for (std::size_t i = 0; i < devices::kDeviceStatuses.size(); ++i) {
        const auto count = std::count_if(
            rows.begin(), rows.end(), [status = devices::kDeviceStatuses[i]](const auto& row) {
                return row.status == status;
            });
        m_status->setItemText(static_cast<int>(i) + 1,
            tr("%1 (%2)").arg(deviceStatusText(devices::kDeviceStatuses[i]), countText(count)));
    }
}

void DevicesPage::showState()
{
    const bool hasTarget = m_target->count() > 0;
    m_stack->setCurrentWidget(
        m_model->rowCount() > 0 ? static_cast<QWidget*>(m_table) : static_cast<QWidget*>(m_empty));
    if (!hasTarget) {
        m_empty->setContent({ .icon = u"devices"_s,
            .title = tr("Connect a proxy first"),
            .text = tr("Devices are kept at the proxy. Add it with its shared secret."),
            .buttonText = tr("Add &proxy") });
    } else if (m_board->isLoading()) {
        m_empty->setContent({ .icon = u"devices"_s,
            .title = tr("Reading devices…"),
            .text = tr("The proxy is asked for its devices.") });
    } else if (!m_board->isLoaded()) {
        m_empty->setContent({ .icon = u"devices"_s,
            .title = tr("The devices could not be read"),
            .text = tr("They are kept at the proxy. What was in the way stands above."),
            .buttonText = tr("&Read again") });
    } else if (!m_board->rows()->empty()) {
        m_empty->setContent({ .icon = u"search"_s,
            .title = tr("No device matches"),
            .text = tr("Change the search or the state above.") });
    } else {
        m_empty->setContent({ .icon = u"devices"_s,
            .title = tr("No devices yet"),
            .text = tr("Make a link for somebody. They sign in, enroll their device, and it is "
                       "listed here."),
            .buttonText = isReadOnly() ? QString() : tr("New &enrollment…") });
    }
}

void DevicesPage::showAway()
{
    const auto& error = m_board->away();
    if (error) {
        m_message->showError(
            error->wrappedIn(m_board->isLoaded()
                    ? message(QT_TRANSLATE_NOOP("Message",
                          "The proxy does not answer. The list shows what was there before, and "
                          "goes on by itself once it does."))
                    : message(QT_TRANSLATE_NOOP("Message",
                          "The proxy does not answer. Its devices are read as soon as it does."))),
            { { .text = tr("&Try again"), .trigger = [this] { m_board->load(); } } });
        m_awayText = m_message->text();
    } else if (m_message->text() == m_awayText) {
        m_message->dismiss(); // else something newer stands there
    }
    showState();
}

void DevicesPage::refreshButtons()
{
    const auto devices = selected();
    const bool writes = mayWrite();
    const auto every = [&devices](devices::DeviceStatus status) {
        return !devices.empty()
            && std::all_of(devices.begin(), devices.end(),
                [status](const auto* row) { return row->status == status; });
    };
    const auto hasLink = [&devices](devices::LinkState state) {
        return devices.size() == 1 && devices.front()->linkState.has_value()
            && devices.front()->linkState.value() == state;
    };
    const bool isTheirs = isConsole(); // and these its console cannot do
    for (auto* button : { m_undo, m_copy, m_renew, m_clean }) {
        button->setVisible(!isTheirs);
    }
    m_new->setEnabled(writes);
    m_new->setToolTip(!m_board->isLoaded() ? tr("The devices of the proxy have not been read")
            : isReadOnly()                 ? tr("This proxy is read only: its settings say so.")
                                           : QString());
    m_approve->setEnabled(writes && every(devices::DeviceStatus::PendingApproval));
    m_undo->setEnabled(writes && every(devices::DeviceStatus::Approved));
    const bool isRevoked = std::ranges::any_of(
        devices, [](const auto* row) { return row->status == devices::DeviceStatus::Revoked; });
    m_revoke->setEnabled(writes && !devices.empty() && !isRevoked);
    m_copy->setEnabled(hasLink(devices::LinkState::Waiting));
    m_renew->setEnabled(
        writes && (hasLink(devices::LinkState::Waiting) || hasLink(devices::LinkState::Expired)));
    m_recreate->setVisible(!isTheirs && std::ranges::any_of(*m_board->rows(), [](const auto& row) {
        return row.status == devices::DeviceStatus::Lost;
    }));
    m_recreate->setEnabled(writes && every(devices::DeviceStatus::Lost));
    const auto& house = m_board->housekeeping();
    m_clean->setEnabled(writes && !house.isEmpty());
    m_clean->setToolTip(std::ranges::any_of(house.kept,
                            [](const devices::KeptRecord& record) {
                                return record.reason == devices::KeptReason::Unreadable;
                            })
            ? tr("A record of the proxy cannot be read. What belongs to it would look unused.")
            : QString());
    m_export->setEnabled(m_model->rowCount() > 0);
}

bool DevicesPage::mayWrite() const
{
    return m_board->isLoaded() && !isReadOnly();
}

Result<TargetOptions> DevicesPage::options() const
{
    const auto* target = m_context.targets.find(m_board->targetId());
    return target != nullptr ? readTargetOptions(*target) : Result<TargetOptions>(Error {});
}

bool DevicesPage::isConsole() const
{
    const auto target = options();
    return target && target->usesConsole();
}

bool DevicesPage::isReadOnly() const
{
    const auto target = options();
    return !target || target->readOnly;
}

std::vector<const devices::DeviceRow*> DevicesPage::selected() const
{
    std::vector<const devices::DeviceRow*> devices;
    for (const Row row : m_table->selectedRows()) {
        devices.push_back(&m_model->device(row));
    }
    return devices;
}

void DevicesPage::showDetails()
{
    const auto devices = selected();
    m_details->setVisible(devices.size() == 1);
    m_records->setVisible(devices.size() == 1
        && devices.front()->status != devices::DeviceStatus::Lost
        && devices.front()->status != devices::DeviceStatus::Revoked);
    if (devices.size() == 1) {
        m_details->setText(deviceDetailsText(*devices.front()));
    }
}

} // namespace portreeve
