// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/settings/settings.h"

namespace portreeve {

class Store;

/// The application's settings as @p store keeps them; borrows it.
Settings storedSettings(Store& store);

/// Who works with this program, as audit log, history and the proxy's records name them: the name
/// in the settings, else the login name of the account. Never empty.
QString currentActor(Store& store);

} // namespace portreeve
