// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/net/httplistener.h"

#include "core/base/logging.h"
#include "core/net/listenerconnection.h"

#include <QFile>
#include <QHostAddress>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslKey>
#include <QSslSocket>
#include <QTcpServer>

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>
#include <optional>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

Error settingError(const QString& field, Message what, Message remedy)
{
    return { .code = ErrorCode::InvalidInput,
        .what = std::move(what),
        .remedy = std::move(remedy),
        .field = field };
}

Result<QHostAddress> addressOf(const ListenerSettings& settings)
{
    const QHostAddress address = settings.address == u"localhost"
        ? QHostAddress(QHostAddress::LocalHost)
        : QHostAddress(settings.address);
    if (address.isNull()) {
        return settingError(u"address"_s,
            message(QT_TRANSLATE_NOOP("Message", "\"%1\" is no address to listen on."),
                settings.address),
            message(QT_TRANSLATE_NOOP(
                "Message", "Give the number of one interface, for example 127.0.0.1.")));
    }
    if (address.isLoopback()) {
        return address;
    }
    if (!settings.allowRemote) {
        return settingError(u"address"_s,
            message(QT_TRANSLATE_NOOP("Message", "%1 can be reached from other computers."),
                settings.address),
            message(QT_TRANSLATE_NOOP(
                "Message", "Listen on 127.0.0.1, or allow other computers expressly.")));
    }
    if (settings.certificateFile.isEmpty()) {
        return settingError(u"certificate_file"_s,
            message(QT_TRANSLATE_NOOP(
                "Message", "Without TLS only this computer itself may be answered.")),
            message(QT_TRANSLATE_NOOP(
                "Message", "Give a certificate and its key, or listen on 127.0.0.1.")));
    }
    return address;
}

Result<QList<QSslCertificate>> readCertificates(const QString& path, const QString& field)
{
    QFile file(path);
    const bool open = file.open(QIODevice::ReadOnly);
    const auto certificates
        = open ? QSslCertificate::fromData(file.readAll(), QSsl::Pem) : QList<QSslCertificate>();
    if (certificates.isEmpty()) {
        return settingError(field,
            message(QT_TRANSLATE_NOOP("Message", "No certificate could be read from %1."), path),
            message(QT_TRANSLATE_NOOP("Message", "Give a PEM file that this account may read.")));
    }
    return certificates;
}

Result<QSslKey> readKey(const QString& path)
{
    QFile file(path);
    const QByteArray pem = file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    for (const auto algorithm : { QSsl::Rsa, QSsl::Ec }) {
        const QSslKey key(pem, algorithm);
        if (!key.isNull()) {
            return key;
        }
    }
    return settingError(u"key_file"_s,
        message(QT_TRANSLATE_NOOP("Message", "No private key could be read from %1."), path),
        message(QT_TRANSLATE_NOOP("Message",
            "Give an RSA or EC key in a PEM file without a passphrase that this account may "
            "read.")));
}

/// Through PEM, because what QSslKey::handle() points to depends on the kind of key.
bool belongTogether(const QSslCertificate& certificate, const QSslKey& key)
{
    const QByteArray pem = key.toPem();
    const std::unique_ptr<BIO, decltype(&BIO_free)> input(
        BIO_new_mem_buf(pem.constData(), static_cast<int>(pem.size())), &BIO_free);
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> native(
        PEM_read_bio_PrivateKey(input.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free);
    auto* leaf = static_cast<X509*>(certificate.handle());
    return native && X509_check_private_key(leaf, native.get()) == 1;
}

/// Nothing when the listener speaks plain HTTP.
Result<std::optional<QSslConfiguration>> tlsOf(const ListenerSettings& settings)
{
    if (settings.certificateFile.isEmpty()) {
        if (!settings.keyFile.isEmpty() || !settings.clientCaFile.isEmpty()) {
            return settingError(u"certificate_file"_s,
                message(QT_TRANSLATE_NOOP(
                    "Message", "A key or a client authority needs a certificate.")),
                message(QT_TRANSLATE_NOOP("Message", "Give the certificate's PEM file.")));
        }
        return std::optional<QSslConfiguration>();
    }
    const auto chain = readCertificates(settings.certificateFile, u"certificate_file"_s);
    if (!chain) {
        return chain.error();
    }
    const auto key = readKey(settings.keyFile);
    if (!key) {
        return key.error();
    }
    if (!belongTogether(chain->first(), *key)) {
        return settingError(u"key_file"_s,
            message(
                QT_TRANSLATE_NOOP("Message", "The key in %1 does not belong to the certificate."),
                settings.keyFile),
            message(QT_TRANSLATE_NOOP(
                "Message", "Give the key that the first certificate of the file was made for.")));
    }
    auto tls = QSslConfiguration::defaultConfiguration();
    tls.setProtocol(QSsl::TlsV1_2OrLater);
    tls.setLocalCertificateChain(*chain);
    tls.setPrivateKey(*key);
    tls.setPeerVerifyMode(QSslSocket::VerifyNone);
    if (!settings.clientCaFile.isEmpty()) {
        const auto authorities = readCertificates(settings.clientCaFile, u"client_ca_file"_s);
        if (!authorities) {
            return authorities.error();
        }
        tls.setCaCertificates(*authorities);
        tls.setPeerVerifyMode(QSslSocket::VerifyPeer);
    }
    return std::optional(tls);
}

Error portError(const ListenerSettings& settings, const QTcpServer& server)
{
    return { .code = ErrorCode::Network,
        .what = message(QT_TRANSLATE_NOOP("Message", "Port %1 of %2 cannot be listened on."),
            QString::number(settings.port), settings.address),
        .remedy = message(
            QT_TRANSLATE_NOOP("Message", "Choose a port that is free and open to this account.")),
        .detail = server.errorString(),
        .field = u"port"_s };
}

/// Makes a connection of each client while there is room; its connections are its children.
class Server final : public QTcpServer
{
public:
    Server(ListenerSettings settings, std::optional<QSslConfiguration> tls,
        const HttpListener::Handler& handler)
        : m_settings(std::move(settings))
        , m_tls(std::move(tls))
        , m_handler(handler)
    {
    }

protected:
    void incomingConnection(qintptr descriptor) override
    {
        auto socket = std::make_unique<QSslSocket>();
        const auto open = findChildren<ListenerConnection*>(Qt::FindDirectChildrenOnly).size();
        if (!socket->setSocketDescriptor(descriptor) || open >= m_settings.mostConnections) {
            socket->abort();
            return;
        }
        auto* plain = socket.get();
        new ListenerConnection(std::move(socket), m_settings, m_handler, this);
        if (m_tls) {
            plain->setSslConfiguration(*m_tls);
            plain->startServerEncryption();
        }
    }

private:
    ListenerSettings m_settings;
    std::optional<QSslConfiguration> m_tls;
    const HttpListener::Handler& m_handler;
};

} // namespace

HttpListener::HttpListener(Handler handler, QObject* parent)
    : QObject(parent)
    , m_handler(std::move(handler))
{
}

HttpListener::~HttpListener() = default;

Result<void> HttpListener::start(const ListenerSettings& settings)
{
    stop();
    const auto address = addressOf(settings);
    if (!address) {
        return address.error();
    }
    auto tls = tlsOf(settings);
    if (!tls) {
        return tls.error();
    }
    auto server = std::make_unique<Server>(settings, std::move(*tls), m_handler);
    if (!server->listen(*address, settings.port)) {
        return portError(settings, *server);
    }
    m_server = std::move(server);
    qCInfo(lcNet).noquote() << "listening on" << settings.address << "port" << port();
    return {};
}

Result<void> HttpListener::check(const ListenerSettings& settings)
{
    if (const auto address = addressOf(settings); !address) {
        return address.error();
    }
    const auto tls = tlsOf(settings);
    return tls ? Result<void>() : tls.error();
}

Result<void> HttpListener::checkPort(const ListenerSettings& settings)
{
    const auto address = addressOf(settings);
    if (!address) {
        return address.error();
    }
    QTcpServer server;
    return server.listen(*address, settings.port) ? Result<void>() : portError(settings, server);
}

void HttpListener::stop()
{
    m_server.reset();
}

bool HttpListener::isListening() const
{
    return m_server != nullptr && m_server->isListening();
}

quint16 HttpListener::port() const
{
    return m_server == nullptr ? quint16 { 0 } : m_server->serverPort();
}

} // namespace portreeve
