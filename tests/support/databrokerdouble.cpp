// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/databrokerdouble.h"

#include "core/proxy/databroker/recordwire.h"
#include "core/proxy/sharedsecret.h"
#include "tests/support/databrokerservice.h"

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve::test {

namespace {

/// Made for one double alone; empty when the openssl tool is missing.
class PinnedCertificate
{
public:
    PinnedCertificate()
    {
        QProcess openssl;
        openssl.setStandardErrorFile(QProcess::nullDevice());
        openssl.start(u"openssl"_s,
            { u"req"_s, u"-x509"_s, u"-newkey"_s, u"rsa:2048"_s, u"-nodes"_s, u"-days"_s, u"2"_s,
                u"-subj"_s, u"/CN=databroker"_s, u"-addext"_s, u"subjectAltName=IP:127.0.0.1"_s,
                u"-keyout"_s, keyFile(), u"-out"_s, file() });
        if (!openssl.waitForFinished() || openssl.exitCode() != 0) {
            qFatal("openssl made no certificate");
        }
    }

    QString file() const { return m_folder.filePath(u"cert.pem"_s); }

    std::shared_ptr<grpc::ServerCredentials> credentials() const
    {
        grpc::SslServerCredentialsOptions options;
        options.pem_key_cert_pairs.push_back({ read(keyFile()), read(file()) });
        return grpc::SslServerCredentials(options);
    }

private:
    QString keyFile() const { return m_folder.filePath(u"key.pem"_s); }

    static std::string read(const QString& path)
    {
        QFile in(path);
        return in.open(QIODevice::ReadOnly) ? in.readAll().toStdString() : std::string();
    }

    QTemporaryDir m_folder;
};

} // namespace

struct DatabrokerDouble::Private
{
    DatabrokerStore store;
    DatabrokerService service { store };
    std::unique_ptr<PinnedCertificate> certificate;
    std::unique_ptr<grpc::Server> server;
    int port = 0;

    void listen()
    {
        service.open();
        grpc::ServerBuilder builder;
        builder.AddListeningPort("127.0.0.1:" + std::to_string(port),
            certificate ? certificate->credentials() : grpc::InsecureServerCredentials(), &port);
        builder.SetMaxReceiveMessageSize(-1); // the service answers in the words of the real one
        builder.RegisterService(&service);
        server = builder.BuildAndStart();
        if (!server) {
            qFatal("no port on 127.0.0.1");
        }
    }

    void shutDown()
    {
        service.close();
        server->Shutdown(std::chrono::system_clock::now());
        server->Wait();
        server.reset();
    }
};

DatabrokerDouble::DatabrokerDouble(Transport transport)
    : m_d(std::make_unique<Private>())
{
    if (transport == Transport::Tls) {
        m_d->certificate = std::make_unique<PinnedCertificate>();
    }
    m_d->listen();
}

DatabrokerDouble::~DatabrokerDouble()
{
    if (m_d->server) {
        m_d->shutDown();
    }
}

DatabrokerEndpoint DatabrokerDouble::endpoint() const
{
    return { .host = u"127.0.0.1"_s,
        .port = m_d->port,
        .tls = m_d->certificate != nullptr,
        .caFile = m_d->certificate ? m_d->certificate->file() : QString() };
}

QByteArray DatabrokerDouble::secret()
{
    return QByteArray::fromHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
}

DatabrokerClient::TokenMint DatabrokerDouble::mint()
{
    const auto secret
        = SharedSecret::fromBase64(QString::fromLatin1(DatabrokerDouble::secret().toBase64()));
    return [secret = *secret](UtcTime now) { return mintToken(secret, now + kTokenLife); };
}

std::unique_ptr<DatabrokerClient> DatabrokerDouble::client(const Clock& clock) const
{
    auto opened = DatabrokerClient::open(endpoint(), mint(), clock);
    if (!opened) {
        qFatal("no client: %s", qPrintable(opened.error().toText()));
    }
    return std::move(*opened);
}

void DatabrokerDouble::setFaults(DatabrokerFaults faults)
{
    m_d->service.setFaults(std::move(faults));
}

void DatabrokerDouble::setClockAhead(std::chrono::milliseconds by)
{
    m_d->service.setClockAhead(by);
}

void DatabrokerDouble::write(const std::vector<DatabrokerRecord>& records)
{
    DatabrokerStore::Records wire;
    for (const auto& record : records) {
        toWire(record, {}, *wire.Add());
    }
    m_d->store.put(wire);
}

std::vector<DatabrokerRecord> DatabrokerDouble::records(const QString& type) const
{
    std::vector<DatabrokerRecord> out;
    for (auto& record : m_d->store.latest(type.toStdString())) {
        out.push_back(fromWire(std::move(record)));
    }
    return out;
}

void DatabrokerDouble::setCapacity(const QString& type, std::uint64_t capacity)
{
    m_d->store.setCapacity(type.toStdString(), capacity);
}

void DatabrokerDouble::loseLeases()
{
    m_d->store.loseLeases();
}

void DatabrokerDouble::freeLeases()
{
    m_d->store.freeLeases();
}

void DatabrokerDouble::trimLog()
{
    m_d->store.trimLog();
    m_d->service.endStreams();
}

void DatabrokerDouble::restart()
{
    m_d->store.replace();
    m_d->service.endStreams();
}

void DatabrokerDouble::goAway()
{
    m_d->shutDown();
}

void DatabrokerDouble::comeBack(bool empty)
{
    if (empty) {
        m_d->store.replace();
    }
    m_d->listen();
}

std::vector<DatabrokerCall> DatabrokerDouble::calls() const
{
    return m_d->service.calls();
}

int DatabrokerDouble::count(const QString& method) const
{
    const auto all = calls();
    return static_cast<int>(std::count_if(all.begin(), all.end(),
        [&method](const DatabrokerCall& call) { return call.method == method; }));
}

int DatabrokerDouble::syncsFromNothing() const
{
    const auto all = calls();
    return static_cast<int>(std::count_if(all.begin(), all.end(), [](const DatabrokerCall& call) {
        return call.method == u"Sync" && call.fromServerVersion == 0;
    }));
}

void DatabrokerDouble::forgetCalls()
{
    m_d->service.forgetCalls();
}

} // namespace portreeve::test
