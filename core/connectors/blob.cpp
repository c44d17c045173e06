// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/connectors/clockcheck.h"
#include "core/connectors/connector.h"
#include "core/export/bundle.h"
#include "core/net/retryingclient.h"
#include "core/net/statuserror.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSet>
#include <QUrl>

#include <sys/stat.h>

#include <utility>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace portreeve {

namespace {
constexpr auto kSource = "source"_L1;
constexpr auto kFileName = "bundle.zip"_L1;

QString bundlePath(const QUrl& source)
{
    const QString path = source.toLocalFile();
    return path.endsWith(u".zip"_s) ? path : QString(path + u'/' + kFileName);
}

/// What is remembered of the bundle read last.
struct Seen
{
    QByteArray etag {};
    QByteArray lastModified {};
    QString fileStamp {}; ///< size, time and number of the file
};

Seen seenFrom(const QByteArray& state, const QString& source)
{
    const auto object = QJsonDocument::fromJson(state).object();
    if (object.value(kSource).toString() != source) {
        return {};
    }
    return { .etag = object.value("etag"_L1).toString().toLatin1(),
        .lastModified = object.value("last_modified"_L1).toString().toLatin1(),
        .fileStamp = object.value("file"_L1).toString() };
}

QByteArray toState(const Seen& seen, const QString& source)
{
    const QJsonObject object {
        { u"source"_s, source },
        { u"etag"_s, QString::fromLatin1(seen.etag) },
        { u"last_modified"_s, QString::fromLatin1(seen.lastModified) },
        { u"file"_s, seen.fileStamp },
    };
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

/// An opened bundle, or the word that it is the one seen last time.
struct Opened
{
    bool isUnchanged = false;
    std::shared_ptr<QFile> file {};
    BundleSource source {};
    Seen seen {};
    std::optional<std::chrono::milliseconds> clockSkew {}; ///< of the server's, where there is one
};

class BlobConnector final : public Connector
{
public:
    explicit BlobConnector(ConnectorOptions options)
        : m_options(std::move(options))
        , m_source(m_options.text(kSource))
        , m_url(m_source)
    {
    }

    TestReport test(RunContext& run) override;
    Result<FetchOutcome> fetch(RunContext& run, SnapshotBuilder& out) override;

private:
    Result<Opened> open(RunContext& run, const Seen& seen) const;
    Result<Opened> openFile(const Seen& seen) const;
    Result<Opened> download(RunContext& run, const Seen& seen) const;
    HttpRequest request(const Seen& seen) const;

    ConnectorOptions m_options;
    QString m_source;
    QUrl m_url;
};

Result<Opened> BlobConnector::open(RunContext& run, const Seen& seen) const
{
    if (run.stop.stop_requested()) {
        return cancelledError();
    }
    return m_url.isLocalFile() ? openFile(seen) : download(run, seen);
}

Result<Opened> BlobConnector::openFile(const Seen& seen) const
{
    const QString path = bundlePath(m_url);
    auto file = std::make_shared<QFile>(path);
    if (!QFileInfo::exists(path)) {
        return Error { .code = ErrorCode::NotFound,
            .what = message(QT_TRANSLATE_NOOP("Message", "There is no bundle %1."), path),
            .remedy = message(QT_TRANSLATE_NOOP(
                "Message", "Check the folder, and that the program that writes it has run.")) };
    }
    if (!file->open(QIODevice::ReadOnly)) {
        return Error { .code = ErrorCode::Permission,
            .what = message(QT_TRANSLATE_NOOP("Message", "The bundle %1 cannot be read."), path),
            .remedy = message(QT_TRANSLATE_NOOP("Message", "Give yourself the right to read it.")),
            .detail = file->errorString() };
    }
    struct stat status {};
    if (fstat(file->handle(), &status) != 0 || !S_ISREG(status.st_mode)) {
        return Error { .code = ErrorCode::InvalidInput,
            .what = message(QT_TRANSLATE_NOOP("Message", "%1 is not a plain file."), path),
            .remedy = message(QT_TRANSLATE_NOOP("Message", "Name the folder bundle.zip lies in.")),
            .field = kSource };
    }
    Opened opened { .file = file, .source = { .fileDescriptor = file->handle(), .name = path } };
    opened.seen.fileStamp = QString::number(status.st_size) + u'-'
        + QString::number(status.st_mtim.tv_sec) + u'.' + QString::number(status.st_mtim.tv_nsec)
        + u'-' + QString::number(status.st_ino);
    opened.isUnchanged = opened.seen.fileStamp == seen.fileStamp;
    if (status.st_size > BundleLimits {}.compressedBytes) {
        return Error { .code = ErrorCode::LimitExceeded,
            .what
            = message(QT_TRANSLATE_NOOP("Message", "The bundle %1 is larger than a bundle may be."),
                path),
            .remedy = message(
                QT_TRANSLATE_NOOP("Message", "Check that the source holds a directory bundle.")) };
    }
    return opened;
}

HttpRequest BlobConnector::request(const Seen& seen) const
{
    HttpRequest request { .url = m_url };
    request.maxBodyBytes = BundleLimits {}.compressedBytes;
    request.timeout = 10min; // a whole directory in one answer
    const QByteArray header = m_options.text(u"header_name"_s).toLatin1();
    if (!header.isEmpty()) {
        request.headers.push_back(
            { .name = header, .value = m_options.secret(u"header_value"_s).toUtf8() });
    }
    // The ETag decides where there is one: some servers answer 200 to an equal date.
    if (!seen.etag.isEmpty()) {
        request.headers.push_back({ .name = "If-None-Match", .value = seen.etag });
    } else if (!seen.lastModified.isEmpty()) {
        request.headers.push_back({ .name = "If-Modified-Since", .value = seen.lastModified });
    }
    return request;
}

Result<Opened> BlobConnector::download(RunContext& run, const Seen& seen) const
{
    constexpr int ok = 200;
    constexpr int notModified = 304;
    const auto waiting = [&run](const QString& text) {
        run.progress({ .phase = RunProgress::Phase::Connect, .waitingFor = text });
    };
    RetryingClient http(run.http, run.clock, { .maxInFlight = 1 }, waiting);
    const auto request = this->request(seen);
    auto response = http.send(request, run.stop);
    if (!response) {
        return response.error();
    }
    const auto skew = clockSkew(*response);
    const bool hasCondition = !seen.etag.isEmpty() || !seen.lastModified.isEmpty();
    if (response->status == notModified && hasCondition) {
        return Opened { .isUnchanged = true, .seen = seen };
    }
    if (response->status != ok) {
        return statusError(m_url.host(), request, *response);
    }
    Opened opened {
        .source = { .bytes = std::move(response->body), .name = m_url.host() },
        .seen
        = { .etag = response->header("ETag"), .lastModified = response->header("Last-Modified") },
        .clockSkew = skew,
    };
    opened.isUnchanged = !seen.etag.isEmpty() && opened.seen.etag == seen.etag;
    return opened;
}

Result<FetchOutcome> BlobConnector::fetch(RunContext& run, SnapshotBuilder& out)
{
    const auto opened = open(run, seenFrom(run.state, m_source));
    if (!opened) {
        return opened.error();
    }
    FetchOutcome outcome { .unchanged = opened->isUnchanged,
        .nextState = toState(opened->seen, m_source),
        .tenantId = m_source };
    if (opened->isUnchanged) {
        return outcome;
    }
    noteClockSkew(opened->clockSkew, out);
    constexpr std::int64_t reportEvery = 1000;
    std::int64_t done = 0;
    QSet<QString> groups;
    QSet<QString> unknownGroups;
    const BundleVisitor visitor {
        .group =
            [&](const BundleGroup& group) {
                groups.insert(group.id);
                out.addGroup({ .id = group.id, .name = group.name, .email = group.email });
            },
        .user =
            [&](const BundleUser& user) {
                out.addUser(
                    { .id = user.id, .displayName = user.displayName, .email = user.email });
                for (const auto& id : user.groupIds) {
                    if (!groups.contains(id)) {
                        unknownGroups.insert(id);
                    }
                    out.addMember(id, user.id, MemberKind::User);
                }
                if (++done % reportEvery == 0) {
                    run.report(RunProgress::Phase::Users, done);
                }
            },
    };
    const auto report = readBundle(opened->source, visitor, run.stop);
    if (!report) {
        return report.error();
    }
    // The proxy compares ids only, so a group without a record still decides about access.
    for (const auto& id : unknownGroups) {
        out.addGroup({ .id = id });
        out.note(u"The group "_s + id + u" has members but no record of its own."_s);
    }
    for (const auto& name : report->otherEntries) {
        out.note(u"The bundle's entry "_s + name + u" was not read."_s);
    }
    out.markUsersComplete();
    out.markGroupsComplete();
    out.markMembershipsComplete();
    return outcome;
}

TestReport BlobConnector::test(RunContext& run)
{
    TestReport report;
    const auto fail = [&](const char* name, Message title, const Error& error) {
        report.steps.push_back({ .name = QString::fromLatin1(name),
            .title = std::move(title),
            .ok = false,
            .what = error.what,
            .remedy = error.remedy,
            .detail = run.redactor.redact(error.detail) });
        report.failure = error;
        return report;
    };
    const auto reachTitle = message(QT_TRANSLATE_NOOP("Message", "Reach the bundle"));
    const auto readTitle = message(QT_TRANSLATE_NOOP("Message", "Read users and groups"));
    const auto opened = open(run, {});
    if (!opened) {
        return fail("reach", reachTitle, opened.error());
    }
    report.steps.push_back({ .name = u"reach"_s,
        .title = reachTitle,
        .ok = true,
        .what = message(QT_TRANSLATE_NOOP("Message", "A file was found.")) });
    if (!m_url.isLocalFile()) {
        report.steps.push_back(clockStep(opened->clockSkew));
    }
    constexpr std::size_t mostSamples = 5;
    const BundleVisitor visitor {
        .group = [](const BundleGroup&) {},
        .user =
            [&](const BundleUser& user) {
                if (report.sampleUsers.size() < mostSamples) {
                    report.sampleUsers.push_back(
                        { .id = user.id, .displayName = user.displayName, .email = user.email });
                }
            },
    };
    const auto read = readBundle(opened->source, visitor, run.stop);
    if (!read) {
        return fail("users", readTitle, read.error());
    }
    report.userCount = read->users;
    report.groupCount = read->groups;
    report.tenantId = m_source;
    report.steps.push_back({ .name = u"users"_s,
        .title = readTitle,
        .ok = true,
        .what = message(QT_TRANSLATE_NOOP("Message", "Users read: %1, groups: %2."),
            QString::number(read->users), QString::number(read->groups)) });
    return report;
}

std::vector<FieldProblem> crossCheck(const OptionValues& values)
{
    const QUrl source(values.value(kSource));
    const QString scheme = source.scheme();
    if (scheme == u"s3" || scheme == u"gs" || scheme == u"azblob") {
        return { { .key = kSource,
            .what
            = message(QT_TRANSLATE_NOOP("Message", "This version cannot read bundles from %1."),
                QString(scheme + u"://"_s)),
            .remedy = message(QT_TRANSLATE_NOOP("Message",
                "This version reads file and http(s) only: serve the bundle with "
                "pomerium-datasource, or copy it into a folder.")) } };
    }
    const bool isPlain = scheme == u"http" && !isLoopbackHost(source.host());
    if (isPlain && values.value(u"allow_http"_s) != u"true") {
        return { { .key = kSource,
            .what
            = message(QT_TRANSLATE_NOOP("Message", "Source is an address without encryption.")),
            .remedy = message(QT_TRANSLATE_NOOP("Message",
                "Enter an address that begins with https://, or allow an address without "
                "encryption in the advanced settings.")) } };
    }
    if (scheme == u"file" && source.toLocalFile().isEmpty()) {
        return { { .key = kSource,
            .what = message(QT_TRANSLATE_NOOP("Message", "Source names no folder.")),
            .remedy = message(QT_TRANSLATE_NOOP("Message", "Enter it like this: %1."),
                u"file:///srv/directory"_s) } };
    }
    return {};
}
} // namespace

ConnectorDescriptor blobConnector()
{
    std::vector<FieldDescriptor> fields {
        { .key = kSource,
            .kind = FieldKind::Url,
            .label = QT_TRANSLATE_NOOP("Connector", "Source"),
            .help = QT_TRANSLATE_NOOP("Connector",
                "Where bundle.zip lies: a folder of this computer (file:///folder) or the address "
                "of a server that gives it out."),
            .placeholder = u"https://files.example.org/bundle.zip"_s,
            .required = true,
            .schemes = { u"https"_s, u"http"_s, u"file"_s, u"s3"_s, u"gs"_s, u"azblob"_s } },
        { .key = u"header_name"_s,
            .kind = FieldKind::Text,
            .label = QT_TRANSLATE_NOOP("Connector", "Request header"),
            .help = QT_TRANSLATE_NOOP("Connector",
                "Name of a header the server wants to see, for example Authorization."),
            .pattern = u"[A-Za-z0-9!#$%&'*+.^_`|~-]+"_s,
            .example = u"Authorization"_s },
        { .key = u"header_value"_s,
            .kind = FieldKind::Secret,
            .label = QT_TRANSLATE_NOOP("Connector", "Header value"),
            .help = QT_TRANSLATE_NOOP(
                "Connector", "Its value, for example the word Bearer, a space and a token.") },
    };
    for (auto& field : commonHttpFields()) {
        fields.push_back(std::move(field));
    }
    return { .id = u"blob"_s,
        .name = QT_TRANSLATE_NOOP("Connector", "Directory bundle"),
        .summary = QT_TRANSLATE_NOOP("Connector",
            "A bundle.zip that another program writes, read from a folder or a web server."),
        .helpUrl = u"https://www.pomerium.com/docs/integrations/user-identity/blob"_s,
        .capabilities = { .conditionalRead = true, .local = true, .transitiveSource = true },
        .fields = std::move(fields),
        .crossCheck = crossCheck,
        .create = [](ConnectorOptions options) -> std::unique_ptr<Connector> {
            return std::make_unique<BlobConnector>(std::move(options));
        } };
}

} // namespace portreeve
