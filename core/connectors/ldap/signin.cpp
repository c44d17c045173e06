// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/connectors/ldap/session.h"

#include <QFile>
#include <QSslCertificate>
#include <QSslKey>

#include <ldap.h>
#include <sasl/sasl.h>

#include <array>

using namespace Qt::StringLiterals;

// How a Session encrypts and signs in.
namespace portreeve::ldap {

namespace {
// Where systems keep the certificates they trust: the first that exists. A file given by the
// administrator comes on top, so the folder is named rather than libldap's one file.
constexpr std::array kSystemCertificates { "/etc/ssl/certs", "/etc/pki/tls/certs" };

Error badFile(const QString& field, const QString& path)
{
    return { .code = ErrorCode::InvalidInput,
        .what = message(QT_TRANSLATE_NOOP("Message", "%1 holds no certificate in PEM form."), path),
        .remedy = message(QT_TRANSLATE_NOOP("Message",
            "Choose a file that begins with “-----BEGIN CERTIFICATE-----” and that this program "
            "may read.")),
        .field = field };
}

Error badKey()
{
    return { .code = ErrorCode::InvalidInput,
        .what = message(QT_TRANSLATE_NOOP(
            "Message", "The client certificate's key is no private key in PEM form.")),
        .remedy = message(QT_TRANSLATE_NOOP("Message",
            "Replace it with the text of a key file without a passphrase, from “-----BEGIN” to "
            "“-----END”.")),
        .field = u"client_key"_s };
}

QSslKey keyFrom(const QString& pem)
{
    for (const auto algorithm : { QSsl::Rsa, QSsl::Ec }) {
        QSslKey key(pem.toUtf8(), algorithm);
        if (!key.isNull()) {
            return key;
        }
    }
    return {};
}

void setBytes(LDAP* handle, int option, QByteArray bytes)
{
    const berval value { .bv_len = static_cast<ber_len_t>(bytes.size()), .bv_val = bytes.data() };
    ldap_set_option(handle, option, &value);
}

/// Kerberos knows who we are; where SASL asks all the same, its own default is the answer.
int answerSasl(LDAP*, unsigned, void*, void* questions)
{
    for (auto* question = static_cast<sasl_interact_t*>(questions);
        question->id != SASL_CB_LIST_END; ++question) {
        const char* answer = question->defresult != nullptr ? question->defresult : "";
        question->result = answer;
        question->len = static_cast<unsigned>(qstrlen(answer));
    }
    return LDAP_SUCCESS;
}
} // namespace

/// All of it is set on this handle: what ldap.conf or the environment say about trust must not
/// count.
Result<void> Session::setTlsOptions()
{
    LDAP* handle = m_handle.get();
    const int demand = LDAP_OPT_X_TLS_DEMAND;
    const int oldest = LDAP_OPT_X_TLS_PROTOCOL_TLS1_2;
    ldap_set_option(handle, LDAP_OPT_X_TLS_REQUIRE_CERT, &demand);
    ldap_set_option(handle, LDAP_OPT_X_TLS_PROTOCOL_MIN, &oldest);
    for (const char* folder : kSystemCertificates) {
        if (QFile::exists(QString::fromLatin1(folder))) {
            ldap_set_option(handle, LDAP_OPT_X_TLS_CACERTDIR, folder);
            break;
        }
    }
    const QString& caFile = m_settings.caFile;
    if (!caFile.isEmpty() && QSslCertificate::fromPath(caFile).isEmpty()) {
        return badFile(u"ca_file"_s, caFile);
    }
    const QByteArray caPath = QFile::encodeName(caFile);
    ldap_set_option(
        handle, LDAP_OPT_X_TLS_CACERTFILE, caPath.isEmpty() ? nullptr : caPath.constData());

    if (m_settings.bindMethod == BindMethod::External) {
        const auto certificates = QSslCertificate::fromPath(m_settings.clientCertificateFile);
        if (certificates.isEmpty()) {
            return badFile(u"client_cert"_s, m_settings.clientCertificateFile);
        }
        const QSslKey key = keyFrom(m_settings.clientKey);
        if (key.isNull()) {
            return badKey();
        }
        setBytes(handle, LDAP_OPT_X_TLS_CERT, certificates.first().toDer());
        setBytes(handle, LDAP_OPT_X_TLS_KEY, key.toDer());
    }
    const int client = 0;
    ldap_set_option(handle, LDAP_OPT_X_TLS_NEWCTX, &client);
    return {};
}

Result<void> Session::signIn()
{
    switch (m_settings.bindMethod) {
    case BindMethod::Simple:
        if (m_settings.bindPassword.isEmpty()) { // the server would take it for anonymous
            return Error { .code = ErrorCode::InvalidInput,
                .what = message(QT_TRANSLATE_NOOP("Message", "The bind password is empty.")),
                .remedy = message(QT_TRANSLATE_NOOP("Message",
                    "Enter the password. A server would take an empty one for an anonymous "
                    "sign-in.")),
                .field = u"bind_password"_s };
        }
        return simpleBind(m_settings.bindDn.toUtf8(), m_settings.bindPassword.toUtf8());
    case BindMethod::External:
        return externalBind();
    case BindMethod::Gssapi:
        return kerberosBind();
    case BindMethod::Anonymous:
        return simpleBind({}, {});
    }
    return {};
}

Result<void> Session::simpleBind(const QByteArray& name, const QByteArray& password)
{
    berval credentials { .bv_len = static_cast<ber_len_t>(password.size()),
        .bv_val = const_cast<char*>(password.constData()) };
    int messageId = 0;
    const int sent = ldap_sasl_bind(m_handle.get(), name.constData(), LDAP_SASL_SIMPLE,
        &credentials, nullptr, nullptr, &messageId);
    return sent == LDAP_SUCCESS ? finishBind(messageId)
                                : failed(lastFailure(sent), context(Operation::SignIn));
}

Result<void> Session::externalBind()
{
    berval nobodyElse { .bv_len = 0, .bv_val = const_cast<char*>("") };
    int messageId = 0;
    const int sent = ldap_sasl_bind(
        m_handle.get(), nullptr, "EXTERNAL", &nobodyElse, nullptr, nullptr, &messageId);
    return sent == LDAP_SUCCESS ? finishBind(messageId)
                                : failed(lastFailure(sent), context(Operation::SignIn));
}

/// Blocks in the Kerberos library while that talks to its key distribution centre. No realm was at
/// hand to sign in to: (unverified here).
Result<void> Session::kerberosBind()
{
    LDAP* handle = m_handle.get();
    const bool encrypted = ldap_tls_inplace(handle) != 0;
    // Active Directory refuses a second layer of encryption inside TLS, and we refuse none at all.
    ldap_set_option(
        handle, LDAP_OPT_X_SASL_SECPROPS, encrypted ? "maxssf=0" : "minssf=56,noanonymous");
    ldap_set_option(handle, LDAP_OPT_X_SASL_NOCANON, LDAP_OPT_ON);
    if (encrypted) {
        const int binding = LDAP_OPT_X_SASL_CBINDING_TLS_ENDPOINT;
        ldap_set_option(handle, LDAP_OPT_X_SASL_CBINDING, &binding);
    }
    const int code = ldap_sasl_interactive_bind_s(
        handle, nullptr, "GSSAPI", nullptr, nullptr, LDAP_SASL_QUIET, answerSasl, nullptr);
    if (code != LDAP_SUCCESS) {
        return failed(lastFailure(code), context(Operation::SignIn));
    }
    return {};
}

Result<void> Session::finishBind(int messageId)
{
    const auto answer = awaitAnswer(messageId, context(Operation::SignIn));
    if (!answer) {
        return answer.error();
    }
    const Page end = finalPage(answer->get());
    if (end.failure.code != LDAP_SUCCESS) {
        return failed(end.failure, context(Operation::SignIn));
    }
    return {};
}

} // namespace portreeve::ldap
