// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/databroker/databrokerchannel.h"

#include "core/base/logging.h"

#include <QFile>
#include <QSslCertificate>
#include <QSslConfiguration>

#include <grpc/support/log.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

constexpr int kFirstReconnectMs = 100;
/// A restarted proxy has to be seen within two seconds.
constexpr int kLongestReconnectMs = 1'000;
/// For one attempt, TLS included. It has to outlast the pauses of those who wait for a proxy: the
/// library goes on with it only while somebody waits inside.
constexpr int kConnectMs = 5'000;

Error wrongField(const QString& field, Message what, Message remedy, const QString& detail = {})
{
    return { .code = ErrorCode::InvalidInput,
        .what = std::move(what),
        .remedy = std::move(remedy),
        .detail = detail,
        .field = field };
}

/// The library's own lines would go to stderr past every filter of ours.
void logQuietly(gpr_log_func_args* line)
{
    qCDebug(lcNet) << "gRPC:" << line->message;
}

std::string systemCertificates()
{
    QByteArray pem;
    for (const auto& certificate : QSslConfiguration::systemCaCertificates()) {
        pem += certificate.toPem();
    }
    return pem.toStdString();
}

Result<std::string> pinnedCertificates(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return wrongField(u"ca_file"_s,
            message(QT_TRANSLATE_NOOP("Message", "The certificate file %1 cannot be read."), path),
            message(QT_TRANSLATE_NOOP(
                "Message", "Choose a file with PEM certificates that you may read.")),
            file.errorString());
    }
    const auto pem = file.readAll();
    if (QSslCertificate::fromData(pem, QSsl::Pem).isEmpty()) {
        return wrongField(u"ca_file"_s,
            message(QT_TRANSLATE_NOOP("Message", "%1 holds no PEM certificate."), path),
            message(QT_TRANSLATE_NOOP(
                "Message", "Choose the certificate of the authority, not its key.")));
    }
    return pem.toStdString();
}

Result<std::shared_ptr<grpc::ChannelCredentials>> credentials(const DatabrokerEndpoint& endpoint)
{
    if (!endpoint.tls) {
        return grpc::InsecureChannelCredentials();
    }
    grpc::SslCredentialsOptions options;
    if (endpoint.caFile.isEmpty()) {
        options.pem_root_certs = systemCertificates();
    } else {
        auto pinned = pinnedCertificates(endpoint.caFile);
        if (!pinned) {
            return pinned.error();
        }
        options.pem_root_certs = std::move(*pinned);
    }
    return grpc::SslCredentials(options);
}

grpc::ChannelArguments channelArguments(int maxAnswerBytes)
{
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(maxAnswerBytes);
    arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kFirstReconnectMs);
    arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, kConnectMs); // its time limit, in truth
    arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kLongestReconnectMs);
    // One client, one connection: targets that share an address share no state.
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    // A web proxy of the environment has no business between a console and its proxy's back door.
    arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
    return arguments;
}

} // namespace

Result<std::shared_ptr<grpc::Channel>> openChannel(
    const DatabrokerEndpoint& endpoint, int maxAnswerBytes)
{
    constexpr int highestPort = 65535;
    const bool usable = !endpoint.host.isEmpty() && !endpoint.host.contains(u'/')
        && !endpoint.host.contains(u' ') && endpoint.port > 0 && endpoint.port <= highestPort;
    if (!usable) {
        return wrongField(u"address"_s,
            message(QT_TRANSLATE_NOOP("Message", "%1 is no address of a databroker."),
                endpoint.address()),
            message(QT_TRANSLATE_NOOP(
                "Message", "Enter a host name or address and a port from 1 to 65535.")));
    }
    static const bool quiet = (gpr_set_log_function(logQuietly), true);
    Q_UNUSED(quiet)
    auto chosen = credentials(endpoint);
    if (!chosen) {
        return chosen.error();
    }
    return grpc::CreateCustomChannel(
        endpoint.address().toStdString(), *chosen, channelArguments(maxAnswerBytes));
}

} // namespace portreeve
