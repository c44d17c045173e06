// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/connectors/ldap/session.h"

#include "core/connectors/ldap/connecting.h"

#include <openldap.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace portreeve::ldap {

namespace {
constexpr auto kAnswerLimit = 60s; // without any message from the server
constexpr auto kHandshakeLimit = 15;
constexpr timeval kAnswerPoll { .tv_sec = 0, .tv_usec = 200'000 };

using ControlPointer = std::unique_ptr<LDAPControl,
    decltype([](LDAPControl* control) { ldap_control_free(control); })>;
using ControlsPointer = std::unique_ptr<LDAPControl*,
    decltype([](LDAPControl** controls) { ldap_controls_free(controls); })>;
using MemoryPointer = std::unique_ptr<char, decltype([](char* memory) { ldap_memfree(memory); })>;

void closeHandle(LDAP* handle)
{
    ldap_unbind_ext(handle, nullptr, nullptr);
}

void freeAnswer(LDAPMessage* answer)
{
    ldap_msgfree(answer);
}

int scopeCode(Scope scope)
{
    switch (scope) {
    case Scope::Base:
        return LDAP_SCOPE_BASE;
    case Scope::Subtree:
        return LDAP_SCOPE_SUBTREE;
    }
    return LDAP_SCOPE_BASE;
}

/// libldap takes arrays of changeable strings and changes none.
std::vector<char*> attributeList(const std::vector<QByteArray>& names)
{
    static char none[] = LDAP_NO_ATTRS;
    std::vector<char*> list;
    list.reserve(names.size() + 2);
    for (const auto& name : names) {
        list.push_back(const_cast<char*>(name.constData()));
    }
    if (list.empty()) {
        list.push_back(none);
    }
    list.push_back(nullptr);
    return list;
}

QString taken(char* text)
{
    const MemoryPointer owner(text);
    return QString::fromUtf8(text).trimmed();
}
} // namespace

Session::Session(Server server, const Settings& settings, const RunContext& run)
    : m_server(std::move(server))
    , m_settings(settings)
    , m_run(run)
    , m_handle(nullptr, closeHandle)
{
}

// The callback goes before the handle: it must not shut down a descriptor somebody else has by
// then.
Session::~Session()
{
    m_onStop.reset();
}

Result<std::unique_ptr<Session>> Session::connect(
    const Server& server, const Settings& settings, const RunContext& run)
{
    const auto socket = openSocket(server, run);
    if (!socket) {
        return socket.error();
    }
    std::unique_ptr<Session> session(new Session(server, settings, run));
    if (const auto adopted = session->adopt(*socket); !adopted) {
        return adopted.error();
    }
    return session;
}

Result<void> Session::adopt(int socket)
{
    LDAP* handle = nullptr;
    const int code
        = ldap_init_fd(socket, LDAP_PROTO_TCP, m_server.url().toUtf8().constData(), &handle);
    if (code != LDAP_SUCCESS) {
        ::close(socket);
        return toError({ .code = code }, context(Operation::Reach), m_run.redactor);
    }
    m_handle.reset(handle);
    m_socket = socket;
    m_onStop = std::make_unique<std::stop_callback<std::function<void()>>>(
        m_run.stop, [socket] { ::shutdown(socket, SHUT_RDWR); });

    const int version = LDAP_VERSION3;
    const timeval limit { .tv_sec = kHandshakeLimit, .tv_usec = 0 };
    ldap_set_option(handle, LDAP_OPT_PROTOCOL_VERSION, &version);
    ldap_set_option(handle, LDAP_OPT_REFERRALS, LDAP_OPT_OFF);
    ldap_set_option(handle, LDAP_OPT_NETWORK_TIMEOUT, &limit);
    ldap_set_option(handle, LDAP_OPT_TIMEOUT, &limit);
    return {};
}

Result<void> Session::encrypt()
{
    const bool startTls = !m_server.tlsFromStart && m_settings.security == Security::StartTls;
    if (!m_server.tlsFromStart && !startTls) {
        return {};
    }
    if (const auto options = setTlsOptions(); !options) {
        return options;
    }
    FailureContext where = context(startTls ? Operation::StartTls : Operation::Reach);
    if (startTls) {
        int messageId = 0;
        const int sent = ldap_start_tls(m_handle.get(), nullptr, nullptr, &messageId);
        if (sent != LDAP_SUCCESS) {
            return failed(lastFailure(sent), where);
        }
        const auto answer = awaitAnswer(messageId, where);
        if (!answer) {
            return answer.error();
        }
        const Page end = finalPage(answer->get());
        if (end.failure.code != LDAP_SUCCESS) {
            return failed(end.failure, where);
        }
    }
    const int code = ldap_install_tls(m_handle.get());
    if (code != LDAP_SUCCESS) {
        Failure failure = lastFailure(code);
        failure.code = failure.code == LDAP_TIMEOUT ? LDAP_TIMEOUT : LDAP_CONNECT_ERROR;
        return failed(failure, where);
    }
    return {};
}

Result<Session::Answer> Session::awaitAnswer(int messageId, const FailureContext& where)
{
    const auto deadline = m_run.clock.monotonic() + kAnswerLimit;
    while (!m_run.stop.stop_requested()) {
        LDAPMessage* answer = nullptr;
        timeval poll = kAnswerPoll;
        const int type = ldap_result(m_handle.get(), messageId, LDAP_MSG_ONE, &poll, &answer);
        if (type > 0) {
            return Answer(answer, freeAnswer);
        }
        if (type < 0) {
            return failed(lastFailure(LDAP_SERVER_DOWN), where);
        }
        if (m_run.clock.monotonic() > deadline) {
            return failed({ .code = LDAP_TIMEOUT }, where);
        }
    }
    m_broken = true;
    return cancelledError();
}

Result<Page> Session::search(
    const Search& search, int pageSize, const QByteArray& cookie, const EntrySink& sink)
{
    FailureContext where = context(Operation::Read);
    where.base = QString::fromUtf8(search.base);
    where.field = search.field;
    if (m_broken) {
        return toError({ .code = LDAP_SERVER_DOWN }, where, m_run.redactor);
    }
    LDAPControl* control = nullptr;
    if (pageSize > 0) {
        berval mark { .bv_len = static_cast<ber_len_t>(cookie.size()),
            .bv_val = const_cast<char*>(cookie.constData()) };
        ldap_create_page_control(
            m_handle.get(), pageSize, cookie.isEmpty() ? nullptr : &mark, 1, &control);
    }
    const ControlPointer owner(control);
    LDAPControl* controls[] = { control, nullptr };
    auto attributes = attributeList(search.attributes);
    int messageId = 0;
    const int sent = ldap_search_ext(m_handle.get(), search.base.constData(),
        scopeCode(search.scope), search.filter.constData(), attributes.data(), 0,
        control != nullptr ? controls : nullptr, nullptr, nullptr, LDAP_NO_LIMIT, &messageId);
    if (sent != LDAP_SUCCESS) {
        return failed(lastFailure(sent), where);
    }

    Page page;
    for (;;) {
        const auto answer = awaitAnswer(messageId, where);
        if (!answer) {
            return answer.error();
        }
        const int type = ldap_msgtype(answer->get());
        if (type == LDAP_RES_SEARCH_ENTRY) {
            ++page.entries;
            sink(entryFrom(answer->get()));
        } else if (type == LDAP_RES_SEARCH_REFERENCE) {
            char** places = nullptr;
            ldap_parse_reference(m_handle.get(), answer->get(), &places, nullptr, 0);
            page.references.push_back(places != nullptr ? QString::fromUtf8(places[0]) : QString());
            ldap_memvfree(reinterpret_cast<void**>(places));
        } else if (type == LDAP_RES_SEARCH_RESULT) {
            Page end = finalPage(answer->get());
            end.entries = page.entries;
            end.references = std::move(page.references);
            return end;
        }
    }
}

Page Session::finalPage(LDAPMessage* answer) const
{
    Page page;
    char* matched = nullptr;
    char* diagnostic = nullptr;
    LDAPControl** controls = nullptr;
    const int parsed = ldap_parse_result(
        m_handle.get(), answer, &page.failure.code, &matched, &diagnostic, nullptr, &controls, 0);
    const ControlsPointer owner(controls);
    page.failure.matchedDn = taken(matched);
    page.failure.diagnostic = taken(diagnostic);
    if (parsed != LDAP_SUCCESS) {
        page.failure.code = parsed;
        return page;
    }
    LDAPControl* control = ldap_control_find(LDAP_CONTROL_PAGEDRESULTS, controls, nullptr);
    if (control != nullptr) {
        ber_int_t estimate = 0;
        berval cookie { .bv_len = 0, .bv_val = nullptr };
        const int read
            = ldap_parse_pageresponse_control(m_handle.get(), control, &estimate, &cookie);
        if (read != LDAP_SUCCESS) {
            page.failure.code = read;
        } else {
            page.cookie = QByteArray(cookie.bv_val, static_cast<qsizetype>(cookie.bv_len));
        }
        ber_memfree(cookie.bv_val);
    }
    return page;
}

Entry Session::entryFrom(LDAPMessage* answer) const
{
    Entry entry;
    BerElement* ber = nullptr;
    berval dn { .bv_len = 0, .bv_val = nullptr };
    if (ldap_get_dn_ber(m_handle.get(), answer, &ber, &dn) == LDAP_SUCCESS) {
        entry.dn = QByteArray(dn.bv_val, static_cast<qsizetype>(dn.bv_len));
    }
    berval name { .bv_len = 0, .bv_val = nullptr };
    BerVarray values = nullptr;
    while (ldap_get_attribute_ber(m_handle.get(), answer, ber, &name, &values) == LDAP_SUCCESS
        && name.bv_val != nullptr) {
        Attribute attribute { .name
            = QByteArray(name.bv_val, static_cast<qsizetype>(name.bv_len)) };
        for (std::size_t i = 0; values != nullptr && values[i].bv_val != nullptr; ++i) {
            attribute.values.emplace_back(
                values[i].bv_val, static_cast<qsizetype>(values[i].bv_len));
        }
        // The array alone is ours; names and values point into the message.
        ber_memfree(values);
        values = nullptr;
        entry.attributes.push_back(std::move(attribute));
    }
    if (ber != nullptr) {
        ber_free(ber, 0);
    }
    return entry;
}

Result<Entry> Session::read(const Search& search)
{
    Entry found;
    const auto page = this->search(search, 0, {}, [&found](const Entry& entry) { found = entry; });
    if (!page) {
        return page.error();
    }
    if (page->failure.code != LDAP_SUCCESS) {
        return errorFor(search, page->failure);
    }
    if (page->entries == 0) {
        return errorFor(search, { .code = LDAP_NO_SUCH_OBJECT });
    }
    return found;
}

Error Session::errorFor(const Search& search, const Failure& failure) const
{
    FailureContext where = context(Operation::Read);
    where.base = QString::fromUtf8(search.base);
    where.field = search.field;
    return toError(failure, where, m_run.redactor);
}

FailureContext Session::context(Operation operation) const
{
    return { .operation = operation,
        .server = m_server.url(),
        .account = m_settings.bindDn.isEmpty() ? u"anonymous"_s : m_settings.bindDn };
}

Failure Session::lastFailure(int code) const
{
    Failure failure { .code = code };
    int reported = LDAP_SUCCESS;
    ldap_get_option(m_handle.get(), LDAP_OPT_RESULT_CODE, &reported);
    if (code == LDAP_SERVER_DOWN && reported != LDAP_SUCCESS) {
        failure.code = reported;
    }
    char* diagnostic = nullptr;
    ldap_get_option(m_handle.get(), LDAP_OPT_DIAGNOSTIC_MESSAGE, static_cast<void*>(&diagnostic));
    failure.diagnostic = taken(diagnostic);
    return failure;
}

/// A stop request shuts the socket down, so it shows as any failure: it is named what it is.
Error Session::failed(const Failure& failure, const FailureContext& where)
{
    m_broken = m_broken || failure.code < 0;
    return m_run.stop.stop_requested() ? cancelledError() : toError(failure, where, m_run.redactor);
}

} // namespace portreeve::ldap
