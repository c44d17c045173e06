// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/connectors/ldap/brokenpipeguard.h"
#include "core/connectors/ldap/entry.h"
#include "core/connectors/ldap/failure.h"
#include "core/connectors/ldap/servers.h"
#include "core/connectors/ldap/settings.h"

#include <memory>
#include <stop_token>

struct ldap;
struct ldapmsg;

namespace portreeve::ldap {

enum class Scope { Base, Subtree };

struct Search
{
    QByteArray base {};
    Scope scope = Scope::Subtree;
    QByteArray filter = "(objectClass=*)";
    std::vector<QByteArray> attributes {}; ///< empty: none at all, just DNs
    QString field {}; ///< option to blame when base or filter is wrong
};

/// One page, or a whole answer where no paging was asked for.
struct Page
{
    Failure failure {}; ///< of the server's final answer; code 0 on success
    QByteArray cookie {}; ///< empty at the end
    std::int64_t entries = 0;
    std::vector<QString> references {}; ///< places the server points to instead of answering
};

/// One connection to one server. Every wait ends within a second of a stop request and has a limit
/// of its own. Referrals are never followed. Once broken it stays so: libldap would open a new
/// connection by itself, without encryption and without signing in.
class Session
{
public:
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    /// Opens the TCP connection.
    static Result<std::unique_ptr<Session>> connect(
        const Server& server, const Settings& settings, const RunContext& run);

    /// TLS as the settings say; nothing to do without.
    Result<void> encrypt();

    Result<void> signIn();

    /// @param pageSize  0: not paged
    /// @return errors of the connection only; what the server refuses is in Page::failure
    Result<Page> search(
        const Search& search, int pageSize, const QByteArray& cookie, const EntrySink& sink);

    /// Reads one entry. @return NotFound, Permission ... as a search may fail
    Result<Entry> read(const Search& search);

    Error errorFor(const Search& search, const Failure& failure) const;

    const Server& server() const { return m_server; }

private:
    Session(Server server, const Settings& settings, const RunContext& run);

    using Handle = std::unique_ptr<struct ldap, void (*)(struct ldap*)>;
    using Answer = std::unique_ptr<struct ldapmsg, void (*)(struct ldapmsg*)>;

    Result<void> adopt(int socket);
    Result<void> setTlsOptions();
    Result<Answer> awaitAnswer(int messageId, const FailureContext& where);
    Result<void> simpleBind(const QByteArray& name, const QByteArray& password);
    Result<void> externalBind();
    Result<void> kerberosBind();
    Result<void> finishBind(int messageId);
    Page finalPage(struct ldapmsg* answer) const;
    Entry entryFrom(struct ldapmsg* answer) const;
    Failure lastFailure(int code) const;
    FailureContext context(Operation operation) const;
    Error failed(const Failure& failure, const FailureContext& context);

    BrokenPipeGuard m_brokenPipeGuard; // first, so that it outlives the handle
    Server m_server;
    const Settings& m_settings;
    const RunContext& m_run;
    int m_socket = -1; // owned by the handle
    bool m_broken = false;
    Handle m_handle;
    /// Shuts the socket down, so that a hand-shake in libldap ends at once.
    std::unique_ptr<std::stop_callback<std::function<void()>>> m_onStop;
};

} // namespace portreeve::ldap
