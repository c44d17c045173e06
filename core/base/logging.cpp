// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/base/logging.h"

namespace portreeve {

Q_LOGGING_CATEGORY(lcNet, "portreeve.net", QtInfoMsg)
Q_LOGGING_CATEGORY(lcConnectors, "portreeve.connectors", QtInfoMsg)
Q_LOGGING_CATEGORY(lcSync, "portreeve.sync", QtInfoMsg)
Q_LOGGING_CATEGORY(lcProxy, "portreeve.proxy", QtInfoMsg)
Q_LOGGING_CATEGORY(lcStore, "portreeve.store", QtInfoMsg)
Q_LOGGING_CATEGORY(lcSettings, "portreeve.settings", QtInfoMsg)
Q_LOGGING_CATEGORY(lcUi, "portreeve.ui", QtInfoMsg)

} // namespace portreeve
