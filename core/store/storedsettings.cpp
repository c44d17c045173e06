// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/store/storedsettings.h"

#include "core/store/store.h"

#include <pwd.h>
#include <unistd.h>

#include <vector>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

/// Of the account, not of the environment, which anybody sets. In a container it may have no name.
QString loginName()
{
    constexpr std::size_t enough = 16UL * 1024;
    const uid_t id = geteuid();
    std::vector<char> text(enough);
    passwd entry {};
    passwd* found = nullptr;
    const int failed = getpwuid_r(id, &entry, text.data(), text.size(), &found);
    const QString name
        = failed == 0 && found != nullptr ? QString::fromLocal8Bit(found->pw_name) : QString();
    return name.isEmpty() ? u"uid %1"_s.arg(id) : name;
}

} // namespace

Settings storedSettings(Store& store)
{
    return Settings({ .read = [&store](const QString& name) { return store.setting(name); },
        .write = [&store](const QString& name,
                     const QString& value) { return store.setSetting(name, value); } });
}

QString currentActor(Store& store)
{
    // A name that cannot be read must not stop what is to be logged under it.
    const auto stored = storedSettings(store).text(Setting::AdministratorName);
    const QString name = stored ? stored->trimmed() : QString();
    return name.isEmpty() ? loginName() : name;
}

} // namespace portreeve
