// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/pagelist.h"

#include "ui/pages/changes/changespage.h"
#include "ui/pages/devices/devicespage.h"
#include "ui/pages/directory/directorypage.h"
#include "ui/pages/history/historypage.h"
#include "ui/pages/overview/overviewpage.h"
#include "ui/pages/policies/policiespage.h"
#include "ui/pages/providers/providerspage.h"
#include "ui/pages/proxy/proxypage.h"
#include "ui/pages/settings/settingspage.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

struct PageTitle
{
    Q_DECLARE_TR_FUNCTIONS(PageTitle)
};

/// How a page is made: each is constructed from the context and its parent.
template <typename PageClass> auto maker()
{
    return [](const AppContext& context, QWidget* parent) -> Page* {
        return new PageClass(context, parent);
    };
}

} // namespace

std::vector<PageEntry> pageList()
{
    return {
        { u"overview"_s, PageTitle::tr("Overview"), u"overview"_s, maker<OverviewPage>() },
        { u"providers"_s, PageTitle::tr("Identity providers"), u"providers"_s,
            maker<ProvidersPage>() },
        { u"directory"_s, PageTitle::tr("Directory"), u"directory"_s, maker<DirectoryPage>() },
        { u"changes"_s, PageTitle::tr("Changes"), u"changes"_s, maker<ChangesPage>() },
        { u"history"_s, PageTitle::tr("History"), u"history"_s, maker<HistoryPage>() },
        { u"policies"_s, PageTitle::tr("Policies"), u"policies"_s, maker<PoliciesPage>() },
        { u"proxy"_s, PageTitle::tr("Proxy"), u"proxy"_s, maker<ProxyPage>() },
        { u"devices"_s, PageTitle::tr("Devices"), u"devices"_s, maker<DevicesPage>() },
        { u"settings"_s, PageTitle::tr("Settings"), u"settings"_s, maker<SettingsPage>() },
    };
}

} // namespace portreeve
