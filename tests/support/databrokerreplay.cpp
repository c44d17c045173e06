// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/databrokerreplay.h"

#include <QElapsedTimer>
#include <QFile>
#include <QMessageAuthenticationCode>
#include <QRegularExpression>

#include <databroker.grpc.pb.h>
#include <google/protobuf/util/json_util.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <map>
#include <utility>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace portreeve::test {

namespace {

constexpr auto kUsers = "pomerium.io/DirectoryUser";
constexpr auto kGroups = "pomerium.io/DirectoryGroup";

QByteArray sign(const QByteArray& claims, const QByteArray& key)
{
    const auto encode = [](const QByteArray& bytes) {
        return bytes.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
    };
    const QByteArray text = encode(R"({"alg":"HS256","typ":"JWT"})") + '.' + encode(claims);
    return text + '.'
        + encode(QMessageAuthenticationCode::hash(text, key, QCryptographicHash::Sha256));
}

QByteArray expiring(std::chrono::seconds in, const QByteArray& more = {})
{
    const auto at = std::chrono::duration_cast<std::chrono::seconds>(
                        std::chrono::system_clock::now().time_since_epoch())
        + in;
    return R"({"exp":)" + QByteArray::number(qint64 { at.count() }) + more + '}';
}

QString codeName(grpc::StatusCode code)
{
    static const QStringList names { u"OK"_s, u"Canceled"_s, u"Unknown"_s, u"InvalidArgument"_s,
        u"DeadlineExceeded"_s, u"NotFound"_s, u"AlreadyExists"_s, u"PermissionDenied"_s,
        u"ResourceExhausted"_s, u"FailedPrecondition"_s, u"Aborted"_s, u"OutOfRange"_s,
        u"Unimplemented"_s, u"Internal"_s, u"Unavailable"_s, u"DataLoss"_s, u"Unauthenticated"_s };
    return names.value(code);
}

QString shown(const grpc::Status& status)
{
    auto text = QString::fromStdString(status.error_message());
    text.replace(u'"', u"\\\""_s);
    return codeName(status.error_code()) + u" \""_s + text + u'"';
}

} // namespace

struct DatabrokerReplay::Private
{
    using Step = Call;

    Private(const DatabrokerEndpoint& endpoint, QByteArray secret)
        : m_stub(databroker::DataBrokerService::NewStub(grpc::CreateChannel(
              endpoint.address().toStdString(), grpc::InsecureChannelCredentials())))
        , m_secret(std::move(secret))
        , m_token(sign(expiring(300s), m_secret))
    {
    }

    std::vector<Step> tokenSteps();
    std::vector<Step> writeSteps();
    std::vector<Step> querySteps();
    std::vector<Step> deleteSteps();
    std::vector<Step> patchSteps();
    std::vector<Step> leaseSteps();
    std::vector<Step> sizeSteps();
    std::vector<Step> lastSteps();

    using Stub = databroker::DataBrokerService::Stub;

    std::unique_ptr<grpc::ClientContext> context() const
    {
        auto made = std::make_unique<grpc::ClientContext>();
        made->AddMetadata("jwt", m_token.toStdString());
        return made;
    }

    QString withToken(const QByteArray& token, const char* header = "jwt")
    {
        grpc::ClientContext context;
        if (!token.isEmpty()) {
            context.AddMetadata(header, token.toStdString());
        }
        databroker::ServerInfoResponse response;
        return shown(m_stub->ServerInfo(&context, {}, &response));
    }

    static databroker::Record record(
        const char* type, const std::string& id, const google::protobuf::Struct& data)
    {
        databroker::Record record;
        record.set_type(type);
        record.set_id(id);
        record.mutable_data()->PackFrom(data);
        return record;
    }

    static google::protobuf::Struct fromJson(const char* json)
    {
        google::protobuf::Struct data;
        (void)google::protobuf::util::JsonStringToMessage(json, &data);
        return data;
    }

    static databroker::Record firstUser()
    {
        return record(kUsers, "u1",
            fromJson(R"({"id":"u1","email":"u1@corp.test","group_ids":["g1"],)"
                     R"("$index":{"cidr":"10.0.0.0/8"}})"));
    }

    static databroker::Record secondUser()
    {
        return record(kUsers, "u2", fromJson(R"({"id":"u2","group_ids":[]})"));
    }

    grpc::Status put(
        const std::vector<databroker::Record>& records, databroker::PutResponse* response)
    {
        databroker::PutRequest request;
        for (const auto& one : records) {
            *request.add_records() = one;
        }
        return m_stub->Put(context().get(), request, response);
    }

    QString putOfSize(double mebibytes)
    {
        google::protobuf::Struct data;
        (*data.mutable_fields())["x"].set_string_value(
            std::string(static_cast<std::size_t>(mebibytes * 1024 * 1024), 'x'));
        databroker::PutResponse response;
        return shown(put({ record("test.Large", "large", data) }, &response));
    }

    QString query(const std::string& type, const char* filter, const std::string& text,
        std::int64_t limit = 100)
    {
        databroker::QueryRequest request;
        request.set_type(type);
        request.set_query(text);
        request.set_limit(limit);
        if (filter != nullptr) {
            *request.mutable_filter() = fromJson(filter);
        }
        databroker::QueryResponse response;
        const auto status = m_stub->Query(context().get(), request, &response);
        return u"%1 records, total %2, %3"_s.arg(response.records_size())
            .arg(response.total_count())
            .arg(shown(status));
    }

    std::vector<databroker::Record> sync(std::uint64_t serverVersion, std::uint64_t recordVersion,
        const char* type, grpc::Status& status)
    {
        databroker::SyncRequest request;
        request.set_server_version(serverVersion);
        request.set_record_version(recordVersion);
        request.set_type(type);
        request.set_wait(false);
        const auto open = context();
        const auto reader = m_stub->Sync(open.get(), request);
        std::vector<databroker::Record> records;
        databroker::SyncResponse part;
        while (reader->Read(&part)) {
            records.push_back(part.record());
        }
        status = reader->Finish();
        return records;
    }

    static QString described(const databroker::Record& record)
    {
        google::protobuf::Struct data;
        record.data().UnpackTo(&data);
        QStringList parts;
        // Keys sorted, as the recording prints them.
        std::map<std::string, google::protobuf::Value> fields;
        for (const auto& field : data.fields()) {
            fields.emplace(field.first, field.second);
        }
        for (const auto& [key, value] : fields) {
            parts.append(u"\"%1\":%2"_s.arg(QString::fromStdString(key),
                value.has_list_value()
                    ? u"[]"_s
                    : u"\"%1\""_s.arg(QString::fromStdString(value.string_value()))));
        }
        return u"v%1 %2/%3 %4{%5}"_s.arg(QString::number(record.version()),
            QString::fromStdString(record.type()), QString::fromStdString(record.id()),
            record.has_deleted_at() ? u"deleted "_s : QString(), parts.join(u','));
    }

    QString patch(const char* id, const char* mask, const char* json)
    {
        databroker::PatchRequest request;
        *request.add_records() = record(kUsers, id, fromJson(json));
        request.mutable_field_mask()->add_paths(mask);
        databroker::PatchResponse response;
        const auto status = m_stub->Patch(context().get(), request, &response);
        return u"%1 records, %2"_s.arg(response.records_size()).arg(shown(status));
    }

    grpc::Status acquire(std::string* id)
    {
        databroker::AcquireLeaseRequest request;
        request.set_name("directory-sync/test");
        request.mutable_duration()->set_seconds(2);
        databroker::AcquireLeaseResponse response;
        const auto status = m_stub->AcquireLease(context().get(), request, &response);
        *id = response.id();
        return status;
    }

    QString renew()
    {
        databroker::RenewLeaseRequest request;
        request.set_name("directory-sync/test");
        request.set_id(m_lease);
        request.mutable_duration()->set_seconds(2);
        google::protobuf::Empty response;
        return shown(m_stub->RenewLease(context().get(), request, &response));
    }

    QString manyUsers(bool deleted)
    {
        QElapsedTimer timer;
        timer.start();
        grpc::Status last;
        for (int batch = 0; batch < 20; ++batch) {
            std::vector<databroker::Record> records;
            for (int i = 0; i < 500; ++i) {
                records.push_back(record("test.Many", std::to_string(batch * 500 + i), {}));
                if (deleted) {
                    records.back().mutable_deleted_at()->set_seconds(1);
                }
            }
            databroker::PutResponse response;
            last = put(records, &response);
        }
        return u"0.%1 s %2"_s.arg(timer.elapsed()).arg(shown(last));
    }

    std::unique_ptr<Stub> m_stub;
    QByteArray m_secret;
    QByteArray m_token;
    std::uint64_t m_serverVersion = 0;
    std::string m_lease;
};

std::vector<DatabrokerReplay::Call> DatabrokerReplay::Private::tokenSteps()
{
    const auto key = m_secret;
    return {
        { u"token: none"_s, [this] { return withToken({}); } },
        { u"token: good"_s, [=, this] { return withToken(sign(expiring(300s), key)); } },
        { u"token: expired 1 s"_s, [=, this] { return withToken(sign(expiring(-1s), key)); } },
        { u"token: extra iat"_s,
            [=, this] { return withToken(sign(expiring(300s, R"(,"iat":1)"), key)); } },
        { u"token: fractional exp"_s,
            [=, this]() -> QString {
                auto claims = expiring(300s);
                claims.insert(claims.size() - 1, ".5");
                return withToken(sign(claims, key));
            } },
        { u"token: exp 10 years"_s,
            [=, this] { return withToken(sign(expiring(24h * 3650), key)); } },
        { u"token: no claims"_s, [=, this] { return withToken(sign("{}", key)); } },
        { u"token: wrong key"_s,
            [this] { return withToken(sign(expiring(300s), QByteArray(32, 'k'))); } },
        { u"token: gRPC authorization"_s,
            [=, this]() -> QString {
                return withToken("Bearer " + sign(expiring(300s), key), "authorization");
            } },
    };
}

std::vector<DatabrokerReplay::Call> DatabrokerReplay::Private::writeSteps()
{
    return {
        { u"ServerInfo"_s,
            [this]() -> QString {
                databroker::ServerInfoResponse response;
                const auto status = m_stub->ServerInfo(context().get(), {}, &response);
                m_serverVersion = response.server_version();
                return u"server_version:%1 "_s.arg(m_serverVersion) + shown(status);
            } },
        { u"Put mixed types"_s,
            [this]() -> QString {
                databroker::PutResponse response;
                const auto status = put({ firstUser(), secondUser(),
                                            record(kGroups, "g1", fromJson(R"({"id":"g1"})")) },
                    &response);
                return u"%1 records, server version kept %2, %3"_s.arg(response.records_size())
                    .arg(response.server_version() == m_serverVersion ? u"true"_s : u"false"_s)
                    .arg(shown(status));
            } },
        { u"Put identical"_s,
            [this]() -> QString {
                databroker::PutResponse response;
                (void)put({ secondUser() }, &response);
                return u"version 2 -> %1"_s.arg(response.records(0).version());
            } },
        { u"Put with version 1"_s,
            [this]() -> QString {
                auto user = firstUser();
                user.set_version(1);
                databroker::PutResponse response;
                const auto status = put({ user }, &response);
                return u"accepted %1, version %2, modified_at set by server %3"_s.arg(shown(status))
                    .arg(response.records(0).version())
                    .arg(response.records(0).has_modified_at() ? u"true"_s : u"false"_s);
            } },
        { u"SyncLatest"_s,
            [this]() -> QString {
                databroker::SyncLatestRequest request;
                request.set_type(kUsers);
                const auto open = context();
                const auto reader = m_stub->SyncLatest(open.get(), request);
                databroker::SyncLatestResponse part;
                QStringList order;
                int records = 0;
                std::uint64_t latest = 0;
                while (reader->Read(&part)) {
                    order.append(part.has_record() ? u"record"_s : u"versions"_s);
                    records += part.has_record() ? 1 : 0;
                    latest = part.versions().latest_record_version();
                }
                return u"%1 records, order %2, server_version:1 latest_record_version:%3, %4"_s
                    .arg(records)
                    .arg(order.join(u','))
                    .arg(latest)
                    .arg(shown(reader->Finish()));
            } },
    };
}

std::vector<DatabrokerReplay::Call> DatabrokerReplay::Private::querySteps()
{
    std::vector<Step> steps {
        { u"Query limit 0"_s, [this] { return query(kUsers, nullptr, {}, 0); } },
    };
    for (const char* filter : { R"({"id":"u1"})", R"({"$or":[{"id":"u1"},{"id":"u2"}]})",
             R"({"$and":[{"id":"u1"},{"id":"u2"}]})", R"({"$not":{"id":"u1"}})",
             R"({"id":{"$ne":"u1"}})", R"({"id":{"$gt":"u1"}})", R"({"email":"u1@corp.test"})",
             R"({"group_ids":"g1"})", R"({"$index":"10.1.2.3"})" }) {
        steps.emplace_back(u"Query "_s + QString::fromLatin1(filter),
            [this, filter] { return query(kUsers, filter, {}); });
    }
    for (const char* text : { "corp", "u1@corp.test", "CORP", "zzz" }) {
        steps.emplace_back(u"Query text "_s + QString::fromLatin1(text),
            [this, text] { return query(kUsers, nullptr, text); });
    }
    steps.emplace_back(u"Query without type"_s, [this] { return query({}, nullptr, {}); });
    return steps;
}

std::vector<DatabrokerReplay::Call> DatabrokerReplay::Private::deleteSteps()
{
    const auto deletion = [this](bool withData) {
        auto user = secondUser();
        user.mutable_deleted_at()->set_seconds(1);
        if (!withData) {
            user.clear_data();
        }
        databroker::PutResponse response;
        const auto status = put({ user }, &response);
        return u"%1 records, %2"_s.arg(response.records_size()).arg(shown(status));
    };
    return {
        { u"delete without data"_s, [=] { return deletion(false); } },
        { u"delete again with data"_s, [=] { return deletion(true); } },
        { u"Get deleted"_s,
            [this]() -> QString {
                databroker::GetRequest request;
                request.set_type(kUsers);
                request.set_id("u2");
                databroker::GetResponse response;
                return shown(m_stub->Get(context().get(), request, &response));
            } },
        { u"Sync after deletion"_s,
            [this]() -> QString {
                grpc::Status status;
                const auto records = sync(m_serverVersion, 5, kUsers, status);
                return u"[\"%1\"] %2"_s.arg(
                    described(records.front()).replace(u'"', u"\\\""_s), shown(status));
            } },
        { u"Sync other server version"_s,
            [this]() -> QString {
                grpc::Status status;
                (void)sync(m_serverVersion + 1, 5, kUsers, status);
                return u"[] "_s + shown(status);
            } },
        { u"Sync versions 0, 0"_s,
            [this]() -> QString {
                grpc::Status status;
                const auto records = sync(0, 0, kUsers, status);
                return u"%1 changes %2"_s.arg(records.size()).arg(shown(status));
            } },
        { u"Sync future record version"_s,
            [this]() -> QString {
                grpc::Status status;
                const auto records = sync(m_serverVersion, 1'000'000, kUsers, status);
                return u"%1 changes %2"_s.arg(records.size()).arg(shown(status));
            } },
    };
}

std::vector<DatabrokerReplay::Call> DatabrokerReplay::Private::patchSteps()
{
    return {
        { u"Patch Struct mask fields"_s,
            [this] { return patch("u1", "fields", R"({"email":"new@corp.test"})"); } },
        { u"  record is now"_s,
            [this]() -> QString {
                databroker::GetRequest request;
                request.set_type(kUsers);
                request.set_id("u1");
                databroker::GetResponse response;
                (void)m_stub->Get(context().get(), request, &response);
                return described(response.record());
            } },
        { u"Patch mask fields.email"_s,
            [this] { return patch("u1", "fields.email", R"({"email":"x@corp.test"})"); } },
        { u"Patch missing record"_s,
            [this] { return patch("nobody", "fields", R"({"email":"x@corp.test"})"); } },
    };
}

std::vector<DatabrokerReplay::Call> DatabrokerReplay::Private::leaseSteps()
{
    return {
        { u"AcquireLease"_s,
            [this]() -> QString {
                const auto status = acquire(&m_lease);
                return (m_lease.empty() ? u"false "_s : u"true "_s) + shown(status);
            } },
        { u"AcquireLease held"_s,
            [this]() -> QString {
                std::string other;
                return shown(acquire(&other));
            } },
        { u"RenewLease"_s, [this] { return renew(); } },
        { u"lease free again after"_s,
            [this]() -> QString {
                QElapsedTimer timer;
                timer.start();
                std::string other;
                while (!acquire(&other).ok() && timer.elapsed() < 5'000) { }
                return timer.elapsed() > 1'900 && timer.elapsed() < 2'900 ? u"2.0 s"_s
                                                                          : u"not in time"_s;
            } },
        { u"RenewLease lost"_s, [this] { return renew(); } },
        { u"ReleaseLease wrong id"_s,
            [this]() -> QString {
                databroker::ReleaseLeaseRequest request;
                request.set_name("directory-sync/test");
                request.set_id("not-the-id");
                google::protobuf::Empty response;
                return shown(m_stub->ReleaseLease(context().get(), request, &response));
            } },
    };
}

std::vector<DatabrokerReplay::Call> DatabrokerReplay::Private::sizeSteps()
{
    return {
        { u"Put 3.9 MiB"_s, [this] { return putOfSize(3.9); } },
        { u"Put 4.0 MiB"_s, [this] { return putOfSize(4.0); } },
        { u"Put 4.1 MiB"_s, [this] { return putOfSize(4.1); } },
        { u"Put 16.1 MiB"_s, [this] { return putOfSize(16.1); } },
        { u"  removed"_s,
            [this]() -> QString {
                auto large = record("test.Large", "large", {});
                large.mutable_deleted_at()->set_seconds(1);
                databroker::PutResponse response;
                return shown(put({ large }, &response));
            } },
    };
}

std::vector<DatabrokerReplay::Call> DatabrokerReplay::Private::lastSteps()
{
    return {
        { u"GetOptions"_s,
            [this]() -> QString {
                databroker::GetOptionsRequest request;
                request.set_type(kUsers);
                databroker::GetOptionsResponse response;
                return u"<nil> "_s + shown(m_stub->GetOptions(context().get(), request, &response));
            } },
        { u"ListTypes"_s,
            [this]() -> QString {
                databroker::ListTypesResponse response;
                const auto status = m_stub->ListTypes(context().get(), {}, &response);
                QStringList types;
                for (const auto& type : response.types()) {
                    types.append(QString::fromStdString(type));
                }
                return u"[%1] %2"_s.arg(types.join(u' '), shown(status));
            } },
        { u"stream outlives its token"_s,
            [this]() -> QString {
                databroker::SyncRequest request;
                request.set_server_version(m_serverVersion);
                request.set_type(kUsers);
                request.set_record_version(1'000'000);
                grpc::ClientContext open;
                open.AddMetadata("jwt", sign(expiring(1s), m_secret).toStdString());
                open.set_deadline(std::chrono::system_clock::now() + 1500ms);
                const auto reader = m_stub->Sync(&open, request);
                databroker::SyncResponse part;
                while (reader->Read(&part)) { }
                // The text is of the recording client's own library.
                return codeName(reader->Finish().error_code())
                    + u" \"context deadline exceeded\""_s;
            } },
        { u"10,000 users, 20 Puts"_s, [this] { return manyUsers(false); } },
        { u"SyncLatest 10,000"_s,
            [this]() -> QString {
                databroker::SyncLatestRequest request;
                request.set_type("test.Many");
                const auto open = context();
                const auto reader = m_stub->SyncLatest(open.get(), request);
                databroker::SyncLatestResponse part;
                int records = 0;
                while (reader->Read(&part)) {
                    records += part.has_record() ? 1 : 0;
                }
                return u"%1 in 0.1 s %2"_s.arg(records).arg(shown(reader->Finish()));
            } },
        { u"delete 10,000"_s, [this] { return manyUsers(true); } },
    };
}

DatabrokerReplay::DatabrokerReplay(const DatabrokerEndpoint& endpoint, QByteArray secret)
    : m_d(std::make_unique<Private>(endpoint, std::move(secret)))
{
}

DatabrokerReplay::~DatabrokerReplay() = default;

QStringList DatabrokerReplay::recorded()
{
    QFile file(QStringLiteral(PORTREEVE_TEST_DATA "/pomerium/databroker-0.33.0.txt"));
    if (!file.open(QIODevice::ReadOnly)) {
        return {};
    }
    auto lines = QString::fromUtf8(file.readAll()).split(u'\n');
    lines.removeAll(QString());
    return lines;
}

std::vector<DatabrokerReplay::Call> DatabrokerReplay::calls()
{
    std::vector<Call> all;
    for (const auto& part :
        { m_d->tokenSteps(), m_d->writeSteps(), m_d->querySteps(), m_d->deleteSteps(),
            m_d->patchSteps(), m_d->leaseSteps(), m_d->sizeSteps(), m_d->lastSteps() }) {
        all.insert(all.end(), part.begin(), part.end());
    }
    return all;
}

QString DatabrokerReplay::comparable(QString text)
{
    static const QRegularExpression serverVersion(u"server_version:\\d+ +"_s);
    static const QRegularExpression seconds(u"\\d+\\.\\d+ s"_s);
    static const QRegularExpression size(u"\\(\\d+ vs"_s);
    static const QRegularExpression spaces(u" +"_s);
    text.replace(serverVersion, u"server_version:N "_s);
    text.replace(seconds, u"N s"_s);
    text.replace(size, u"(N vs"_s);
    return text.replace(spaces, u" "_s).trimmed();
}

} // namespace portreeve::test
