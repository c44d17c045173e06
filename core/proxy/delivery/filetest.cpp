// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/delivery/filetest.h"

#include "core/proxy/bundle/bundleendpoint.h"
#include "core/proxy/delivery/policyfiledelivery.h"
#include "core/proxy/managedfile.h"

#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

/// A file is replaced by a new one beside it, so the folder decides.
Result<void> checkWritable(const QString& path, const QString& field)
{
    const QFileInfo file(path);
    const QFileInfo folder(file.absolutePath());
    if (folder.isDir() && folder.isWritable() && !file.isDir()) {
        return {};
    }
    return Error { .code = ErrorCode::Storage,
        .what = message(
            QT_TRANSLATE_NOOP("Message", "%1 cannot be written: its folder takes no new files."),
            path),
        .remedy = message(QT_TRANSLATE_NOOP(
            "Message", "Make the folder, let this user write into it, or choose another one.")),
        .field = field };
}

Result<QByteArray> readOperatorFile(const TargetOptions& options, TestSteps& steps)
{
    auto own = operatorFile(options);
    const auto warning = own ? debugServerWarning(*own) : std::nullopt;
    if (warning) {
        steps.warn(u"debug"_s, message(QT_TRANSLATE_NOOP("Message", "Debug server")), warning->what,
            warning->remedy);
    }
    return own;
}

/// That our routes can be compared with those of the proxy's own file, where it is named.
void testFileBeside(const TargetOptions& options, TestSteps& steps)
{
    if (options.baseFile.isEmpty()) {
        return;
    }
    const auto own = readOperatorFile(options, steps);
    const auto routes = own ? fileRoutes(*own) : own.error();
    steps.judge(u"file"_s, message(QT_TRANSLATE_NOOP("Message", "Base file")),
        routes ? Result<void>() : routes.error(),
        message(QT_TRANSLATE_NOOP("Message", "%1 can be read."), options.baseFile));
}

/// That our routes could be put in: the base file is one, or the markers stand where they should.
Result<void> checkOperatorFile(const TargetOptions& options, TestSteps& steps)
{
    const auto own = readOperatorFile(options, steps);
    if (!own) {
        return own.error();
    }
    const auto written = options.fileMode == ConfigFileMode::Block ? replaceManagedBlock(*own, {})
                                                                   : mergeIntoBase(*own, {});
    return written ? Result<void>() : written.error();
}

Result<void> checkToken(const TargetLink& link)
{
    const auto token = link.secret(kBundleTokenField);
    if (!token) {
        return token.error();
    }
    if (*token) {
        return checkBundleToken((*token)->toUtf8());
    }
    return Error { .code = ErrorCode::Auth,
        .what = message(
            QT_TRANSLATE_NOOP("Message", "No access token is stored, so nobody would be served.")),
        .remedy = message(QT_TRANSLATE_NOOP(
            "Message", "Give the target an access token; clients send it in their requests.")),
        .field = kBundleTokenField.toString() };
}

void testEndpoint(
    const TargetLink& link, const std::optional<BundleListener>& listener, TestSteps& steps)
{
    const auto& options = link.options();
    const auto settings = bundleEndpointSettings(options);
    const auto certificate
        = settings ? checkBundleCertificate(*settings) : Result<void>(settings.error());
    const bool mayOpen = steps.judge(u"certificate"_s,
        message(QT_TRANSLATE_NOOP("Message", "Listener's certificate")), certificate,
        options.bundleCertificate.isEmpty()
            ? message(QT_TRANSLATE_NOOP(
                  "Message", "None: without TLS only this computer itself is answered."))
            : message(QT_TRANSLATE_NOOP("Message", "Certificate and key belong together.")));
    if (!mayOpen) {
        return;
    }
    auto outcome = checkToken(link);
    // The port may be taken by the listener that serves this very target.
    const bool isServed = listener && !listener->error && listener->address == options.bundleListen;
    if (outcome && !isServed) {
        outcome = checkBundlePort(*settings);
    }
    steps.judge(u"bundle"_s, message(QT_TRANSLATE_NOOP("Message", "Bundle")), outcome,
        isServed
            ? message(QT_TRANSLATE_NOOP("Message", "%1 is open."), listener->address)
            : message(QT_TRANSLATE_NOOP("Message", "%1 is open while portreevectl serve runs."),
                  options.bundleListen));
}

} // namespace

void testFiles(const TargetOptions& options, TestSteps& steps)
{
    const auto title = message(QT_TRANSLATE_NOOP("Message", "Policy file"));
    switch (options.policyChannel) {
    case PolicyChannel::None:
        return;
    case PolicyChannel::ConfigService:
    case PolicyChannel::WholeConfig:
    case PolicyChannel::ConfigRecords:
    case PolicyChannel::ConsoleApi:
        testFileBeside(options, steps);
        return;
    case PolicyChannel::ConfigFile:
    case PolicyChannel::Kubernetes:
    case PolicyChannel::Terraform:
        break;
    }
    auto outcome = checkWritable(options.outputFile, u"output_file"_s);
    if (outcome && options.policyChannel == PolicyChannel::ConfigFile) {
        outcome = checkOperatorFile(options, steps);
    }
    steps.judge(u"file"_s, title, outcome,
        message(QT_TRANSLATE_NOOP("Message", "%1 can be written."), options.outputFile));
}

void testBundle(
    const TargetLink& link, const std::optional<BundleListener>& listener, TestSteps& steps)
{
    const auto& options = link.options();
    switch (options.directoryChannel) {
    case DirectoryChannel::None:
    case DirectoryChannel::Databroker:
        return;
    case DirectoryChannel::BundleFile:
        steps.judge(u"bundle"_s, message(QT_TRANSLATE_NOOP("Message", "Bundle")),
            checkWritable(options.bundleFile, u"bundle_file"_s),
            message(QT_TRANSLATE_NOOP("Message", "%1 can be written."), options.bundleFile));
        return;
    case DirectoryChannel::BundleEndpoint:
        testEndpoint(link, listener, steps);
        return;
    }
}

} // namespace portreeve
