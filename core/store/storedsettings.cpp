// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/store/storedsettings.h"

#include "core/store/adminchange.h"
#include "core/store/store.h"

namespace portreeve {

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
    return actorNamed(stored ? *stored : QString());
}

} // namespace portreeve
