// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/deviceboard.h"

#include "core/store/storedsettings.h"

namespace portreeve {

namespace {
constexpr std::chrono::seconds kReadAgain { 2 };
/// Where nobody tells what changes.
constexpr std::chrono::seconds kLookAgain { 30 };

bool meansAway(ErrorCode code)
{
    return code == ErrorCode::Network || code == ErrorCode::Timeout;
}
} // namespace

/// The way to a target for one task.
struct DeviceBoard::Open
{
    std::unique_ptr<devices::DeviceService> service;
    Store& store;
};

/// One snapshot, kept with the service that follows it.
struct DeviceBoard::Loaded
{
    std::unique_ptr<devices::DeviceService> service {};
    devices::LoadedDevices devices {};
    std::vector<DeviceLink> links {};
    std::vector<QString> routeHosts {};
    devices::PersonLookup people {};
};

DeviceBoard::DeviceBoard(const AppContext& context, QObject* parent)
    : QObject(parent)
    , m_context(context)
    , m_rows(std::make_shared<const std::vector<devices::DeviceRow>>())
    , m_types(devices::builtInDeviceTypes())
{
    m_refreshSoon.setSingleShot(true);
    m_refreshSoon.setInterval(std::chrono::milliseconds(200));
    connect(&m_refreshSoon, &QTimer::timeout, this, &DeviceBoard::readLinks);
    m_readAgain.setSingleShot(true);
    m_readAgain.setInterval(kReadAgain);
    connect(&m_readAgain, &QTimer::timeout, this, &DeviceBoard::read);
    m_lookAgain.setSingleShot(true);
    m_lookAgain.setInterval(kLookAgain);
    connect(&m_lookAgain, &QTimer::timeout, this, &DeviceBoard::read);
}

DeviceBoard::~DeviceBoard()
{
    m_stop.request_stop();
    stopFollowing();
}

void DeviceBoard::setTarget(const QString& targetId)
{
    if (targetId == m_targetId) {
        return;
    }
    m_stop.request_stop();
    m_stop = {};
    stopFollowing();
    m_targetId = targetId;
    m_state.reset();
    m_loaded = false;
    m_away.reset();
    m_links.clear();
    m_housekeeping = {};
    refreshRows();
}

void DeviceBoard::stopFollowing()
{
    m_isWatched = false;
    m_readAgain.stop();
    m_lookAgain.stop();
    m_follower.reset();
}

template <typename Work, typename Answer>
void DeviceBoard::ask(const Work& work, const Answer& answer)
{
    using Outcome = std::invoke_result_t<Work, Open&, std::stop_token>;
    m_context.proxyStore
        .run([work, &secrets = m_context.secrets, &clock = m_context.clock, id = m_targetId,
                 stop = m_stop.get_token()](Store& store) {
            auto opened = open(store, secrets, clock, id);
            return opened ? work(*opened, stop) : Outcome(opened.error());
        })
        .then(this, [this, answer, id = m_targetId](const Outcome& outcome) {
            if (id == m_targetId) {
                answer(outcome);
            }
        });
}

Result<DeviceBoard::Open> DeviceBoard::open(
    Store& store, SecretStore& secrets, const Clock& clock, const QString& targetId)
{
    const auto target = store.targets().byId(targetId);
    if (!target) {
        return target.error();
    }
    auto service = devices::DeviceService::open(
        { .store = store, .clock = clock, .actor = currentActor(store) }, *target, secrets);
    if (!service) {
        return service.error();
    }
    return Open { .service = std::move(*service), .store = store };
}

void DeviceBoard::load()
{
    if (m_targetId.isEmpty()) {
        return;
    }
    m_isWatched = true;
    setAway({}); // whoever asks hears it again
    m_loading = true;
    emit loadingChanged();
    read();
}

void DeviceBoard::read()
{
    m_readAgain.stop();
    m_lookAgain.stop();
    const auto work
        = [](Open& open, const std::stop_token& stop) -> Result<std::shared_ptr<Loaded>> {
        auto loaded = std::make_shared<Loaded>();
        auto devices = open.service->load(stop);
        auto links = open.service->links();
        auto hosts = open.service->hosts(stop);
        const auto view = open.store.directory().loadView();
        if (!devices || !links || !hosts || !view) {
            return !devices ? devices.error()
                : !links    ? links.error()
                : !hosts    ? hosts.error()
                            : view.error();
        }
        loaded->devices = std::move(*devices);
        loaded->links = std::move(*links);
        loaded->routeHosts = std::move(*hosts);
        loaded->people = devices::peopleOf(*view);
        loaded->service = std::move(open.service);
        return loaded;
    };
    ask(work, [this, request = ++m_request](const Result<std::shared_ptr<Loaded>>& loaded) {
        if (request != m_request) {
            return;
        }
        m_loading = false;
        emit loadingChanged();
        if (loaded) {
            setAway({});
            take(*loaded);
        } else if (m_isWatched && meansAway(loaded.error().code)) {
            setAway(loaded.error());
            m_readAgain.start();
        } else {
            setAway({});
            emit loadFailed(loaded.error());
            if (m_isWatched && m_state && !m_follower) {
                m_lookAgain.start(); // else an old list would stay without a word
            }
        }
    });
}

void DeviceBoard::take(const std::shared_ptr<Loaded>& loaded)
{
    m_follower.reset(); // before the service it borrows goes
    m_state = loaded;
    m_loaded = true;
    m_links = loaded->links;
    m_routeHosts = loaded->routeHosts;
    refreshRows();
    if (m_isWatched) {
        follow(loaded);
    }
}

void DeviceBoard::follow(const std::shared_ptr<Loaded>& loaded)
{
    m_follower = loaded->service->follow(
        loaded->devices.followed, m_context.clock,
        [this, loaded](const DatabrokerRecord& record) {
            QMetaObject::invokeMethod(this, [this, loaded, record] {
                if (loaded == m_state) {
                    // A damaged record counts as not there, as in the snapshot.
                    const auto applied = m_state->devices.table.apply(record);
                    Q_UNUSED(applied)
                    m_refreshSoon.start();
                }
            });
        },
        [this, loaded](const devices::FollowEvent& event) {
            QMetaObject::invokeMethod(this, [this, loaded, event] {
                if (loaded == m_state) {
                    onFollowed(event);
                }
            });
        });
    if (!m_follower) {
        m_lookAgain.start();
    }
}

void DeviceBoard::onFollowed(const devices::FollowEvent& event)
{
    switch (event.kind) {
    case devices::FollowEventKind::Away:
        setAway(event.error);
        break;
    case devices::FollowEventKind::Back:
        setAway({});
        break;
    case devices::FollowEventKind::Outdated:
        read();
        break;
    case devices::FollowEventKind::Refused:
        setAway({});
        emit loadFailed(event.error.value_or(Error {}));
        break;
    }
}

void DeviceBoard::setAway(std::optional<Error> error)
{
    const bool wasAway = m_away.has_value();
    m_away = std::move(error);
    if (wasAway != m_away.has_value()) {
        emit awayChanged();
    }
}

/// An enrollment that came or went may be our own doing, in another window or on the command line.
void DeviceBoard::readLinks()
{
    m_context.store.run([id = m_targetId](Store& store) { return store.deviceLinks().list(id); })
        .then(this, [this, id = m_targetId](const Result<std::vector<DeviceLink>>& links) {
            if (id != m_targetId) {
                return;
            }
            if (links) {
                m_links = *links;
            }
            refreshRows();
        });
}

void DeviceBoard::refreshRows()
{
    std::vector<devices::DeviceRow> rows;
    if (m_state) {
        const auto& table = m_state->devices.table;
        const UtcTime now = m_context.clock.nowUtc();
        rows = table.rows({ .people = m_state->people, .links = &m_links, .now = now });
        std::vector<devices::DeviceType> custom;
        for (const DeviceTypeData& type : table.customTypes()) {
            custom.push_back(devices::customDeviceType(type.id, type.name));
        }
        m_types = devices::withBuiltIn(custom);
        m_housekeeping = devices::housekeepingOf(m_state->devices, m_links, now);
    }
    m_rows = std::make_shared<const std::vector<devices::DeviceRow>>(std::move(rows));
    emit changed();
}

void DeviceBoard::createLinks(const devices::LinkOrder& order, bool isApproved)
{
    ask(
        [order, isApproved](Open& open, const std::stop_token& stop) {
            devices::LinkOrder signedOrder = order;
            signedOrder.approvedBy = isApproved ? currentActor(open.store) : QString();
            return open.service->create(std::move(signedOrder), stop);
        },
        [this](const Result<devices::IssuedLinks>& issued) {
            emit linksIssued(issued);
            load();
        });
}

void DeviceBoard::renewLink(const QString& enrollmentId)
{
    ask(
        [enrollmentId](Open& open, const std::stop_token& stop) -> Result<devices::IssuedLinks> {
            auto renewed = open.service->renew(enrollmentId, devices::kDefaultValidity, stop);
            if (!renewed) {
                return renewed.error();
            }
            return devices::IssuedLinks { .links = { std::move(*renewed) } };
        },
        [this](const Result<devices::IssuedLinks>& issued) {
            emit linksIssued(issued);
            load();
        });
}

void DeviceBoard::recreateLinks(const std::vector<QString>& enrollmentIds)
{
    ask(
        [enrollmentIds](Open& open, const std::stop_token& stop) -> Result<devices::IssuedLinks> {
            devices::IssuedLinks issued;
            for (const QString& id : enrollmentIds) {
                auto again = open.service->recreate(id, devices::kDefaultValidity, stop);
                if (!again && issued.links.empty()) {
                    return again.error();
                }
                if (!again) { // the others are made, and are to be shown
                    issued.warnings.push_back(again.error().what);
                    break;
                }
                issued.links.push_back(std::move(*again));
            }
            return issued;
        },
        [this](const Result<devices::IssuedLinks>& issued) {
            emit linksIssued(issued);
            load();
        });
}

void DeviceBoard::copyLink(const QString& enrollmentId)
{
    ask(
        [enrollmentId](Open& open, const std::stop_token&) -> Result<devices::IssuedLinks> {
            auto again = open.service->linkAgain(enrollmentId, devices::LinkForm::Signed);
            if (!again) {
                return again.error();
            }
            return devices::IssuedLinks { .links = { std::move(*again) } };
        },
        [this](const Result<devices::IssuedLinks>& issued) { emit linksIssued(issued); });
}

void DeviceBoard::setApproved(const std::vector<QString>& enrollmentIds, bool isApproved)
{
    ask(
        [enrollmentIds, isApproved](Open& open, const std::stop_token& stop) {
            return isApproved ? open.service->approve(enrollmentIds, stop)
                              : open.service->undoApproval(enrollmentIds, stop);
        },
        [this](const Result<devices::ApprovalReport>& report) {
            emit approvalsChanged(report);
            if (!m_follower) {
                read();
            }
        });
}

void DeviceBoard::revoke(const std::vector<devices::DeviceKey>& keys)
{
    using Reports = std::vector<devices::RevokeReport>;
    ask(
        [keys](Open& open, const std::stop_token& stop) -> Result<Reports> {
            Reports reports;
            for (const devices::DeviceKey& key : keys) {
                auto report = open.service->revoke(key, stop);
                if (!report) {
                    return report.error();
                }
                reports.push_back(std::move(*report));
            }
            return reports;
        },
        [this](const Result<Reports>& reports) {
            emit revoked(reports);
            load();
        });
}

void DeviceBoard::readRecords(const devices::DeviceKey& device)
{
    ask([device](Open& open,
            const std::stop_token& stop) { return open.service->records(device, stop); },
        [this](const Result<QJsonArray>& records) { emit recordsRead(records); });
}

void DeviceBoard::keepHouse()
{
    ask([agreed = m_housekeeping](Open& open,
            const std::stop_token& stop) { return open.service->keepHouse(agreed, stop); },
        [this](const Result<devices::Housekeeping>& done) {
            emit houseKept(done);
            load();
        });
}

} // namespace portreeve
