// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/devices/deviceservice.h"
#include "core/devices/devicetype.h"
#include "ui/models/appcontext.h"

#include <QObject>
#include <QTimer>

#include <memory>

namespace portreeve {

using DeviceRowsPtr = std::shared_ptr<const std::vector<devices::DeviceRow>>;

/// The devices of one target, kept current while somebody looks, and what can be done with them.
/// Everything that talks to the proxy runs off this thread and answers by a signal.
class DeviceBoard final : public QObject
{
    Q_OBJECT

public:
    explicit DeviceBoard(const AppContext& context, QObject* parent = nullptr);
    ~DeviceBoard() override;

    /// Another target; empty = none. Nothing is loaded before load().
    void setTarget(const QString& targetId);

    QString targetId() const { return m_targetId; }

    /// Reads everything and follows it from there on. While the proxy is away it is tried again by
    /// itself until nobody looks any more.
    void load();
    void stopFollowing(); ///< nobody looks any more

    DeviceRowsPtr rows() const { return m_rows; } ///< never null

    const std::vector<DeviceLink>& links() const { return m_links; }

    const std::vector<devices::DeviceType>& types() const { return m_types; }

    /// Hosts that links may lead to.
    const std::vector<QString>& routeHosts() const { return m_routeHosts; }

    const devices::Housekeeping& housekeeping() const { return m_housekeeping; }

    bool isLoading() const { return m_loading; }

    bool isLoaded() const { return m_loaded; }

    /// Why there are no rows, or old ones: the proxy does not answer. It is tried again until it
    /// does.
    const std::optional<Error>& away() const { return m_away; }

    /// The order's creator and approver are whoever works here: see currentActor().
    void createLinks(const devices::LinkOrder& order, bool isApproved);
    void renewLink(const QString& enrollmentId);
    void recreateLinks(const std::vector<QString>& enrollmentIds); ///< lost ones
    void copyLink(const QString& enrollmentId);
    void setApproved(const std::vector<QString>& enrollmentIds, bool isApproved);
    void revoke(const std::vector<devices::DeviceKey>& keys);
    void keepHouse();
    void readRecords(const devices::DeviceKey& device); ///< as the proxy keeps them

signals:
    void changed(); ///< rows, links or types
    void loadingChanged();
    void awayChanged();
    void loadFailed(const portreeve::Error& error);
    void linksIssued(const portreeve::Result<portreeve::devices::IssuedLinks>& issued);
    void approvalsChanged(const portreeve::Result<portreeve::devices::ApprovalReport>& report);
    void revoked(const portreeve::Result<std::vector<portreeve::devices::RevokeReport>>& reports);
    void recordsRead(const portreeve::Result<QJsonArray>& records);
    void houseKept(const portreeve::Result<portreeve::devices::Housekeeping>& done);

private:
    struct Loaded;
    struct Open;

    template <typename Work, typename Answer> void ask(const Work& work, const Answer& answer);

    static Result<Open> open(
        Store& store, SecretStore& secrets, const Clock& clock, const QString& targetId);
    void take(const std::shared_ptr<Loaded>& loaded);
    void follow(const std::shared_ptr<Loaded>& loaded);
    void onFollowed(const devices::FollowEvent& event);
    void read();
    void setAway(std::optional<Error> error);
    void readLinks();
    void refreshRows();

    AppContext m_context;
    QString m_targetId;
    std::stop_source m_stop;
    std::shared_ptr<Loaded> m_state;
    std::unique_ptr<devices::DeviceFollower> m_follower;
    DeviceRowsPtr m_rows;
    std::vector<DeviceLink> m_links;
    std::vector<devices::DeviceType> m_types;
    std::vector<QString> m_routeHosts;
    devices::Housekeeping m_housekeeping;
    QTimer m_refreshSoon; // many records may come at once
    QTimer m_readAgain; // while the proxy is away
    QTimer m_lookAgain; // at a keeper that does not tell what changes
    std::optional<Error> m_away {};
    int m_request = 0;
    bool m_loading = false;
    bool m_loaded = false;
    bool m_isWatched = false; // between load() and stopFollowing()
};

} // namespace portreeve
