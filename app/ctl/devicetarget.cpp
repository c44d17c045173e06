// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/ctl/devicetarget.h"

#include "core/store/storedsettings.h"

using namespace Qt::StringLiterals;

namespace portreeve::ctl {

namespace {
Result<ProxyTarget> findTarget(Store& store, const Arguments& arguments)
{
    if (arguments.has(u"target"_s)) {
        return store.targets().byName(arguments.value(u"target"_s));
    }
    const auto targets = store.targets().list();
    if (!targets) {
        return targets.error();
    }
    if (targets->empty()) {
        return usageError(message(QT_TRANSLATE_NOOP("Message", "There is no proxy yet.")),
            message(QT_TRANSLATE_NOOP("Message", "Add one with portreevectl target add.")));
    }
    if (targets->size() != 1) {
        QStringList names;
        for (const auto& target : *targets) {
            names.append(target.name);
        }
        return usageError(
            message(QT_TRANSLATE_NOOP("Message", "It is not clear which proxy is meant.")),
            message(
                QT_TRANSLATE_NOOP("Message", "Give --target one of: %1."), names.join(u", "_s)));
    }
    return targets->front();
}

Result<void> checkUse(const ProxyTarget& target, const TargetOptions& options, DeviceUse use)
{
    if (const auto keeper = devices::deviceKeeper(options); !keeper) {
        return usageError(keeper.error().what, keeper.error().remedy);
    }
    if (use == DeviceUse::Change && options.readOnly) {
        return Error { .code = ErrorCode::Permission,
            .what = message(
                QT_TRANSLATE_NOOP("Message", "The target %1 is only looked at."), target.name),
            .remedy = message(
                QT_TRANSLATE_NOOP("Message", "Take the read-only mode off the target first.")) };
    }
    return {};
}
} // namespace

QList<QCommandLineOption> deviceTargetOptions()
{
    return { QCommandLineOption(
                 u"target"_s, u"The proxy; may be left out where there is only one."_s, u"NAME"_s),
        QCommandLineOption(u"by"_s,
            u"Who does this, as the proxy and the audit log show it; your login name if not given."_s,
            u"NAME"_s) };
}

Result<DeviceTarget> openDeviceTarget(Session& session, const Arguments& arguments, DeviceUse use)
{
    const auto store = session.store();
    if (!store) {
        return store.error();
    }
    const auto target = findTarget(**store, arguments);
    if (!target) {
        return target.error();
    }
    const auto options = readTargetOptions(*target);
    if (!options) {
        return options.error();
    }
    if (const auto fits = checkUse(*target, *options, use); !fits) {
        return fits.error();
    }
    const auto secrets = session.secrets();
    if (!secrets) {
        return secrets.error();
    }
    const QString actor = arguments.has(u"by"_s) ? arguments.value(u"by"_s) : currentActor(**store);
    auto devices = devices::DeviceService::open(
        { .store = **store, .clock = session.clock(), .actor = actor }, *target, **secrets);
    if (!devices) {
        return devices.error();
    }
    return DeviceTarget {
        .target = *target, .devices = std::move(*devices), .store = *store, .actor = actor
    };
}

} // namespace portreeve::ctl
