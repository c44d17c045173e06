// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/ui/filledwindow.h"

#include "core/connectors/registry.h"
#include "tests/support/madeupdevices.h"
#include "tests/support/patience.h"

#include <QHash>
#include <QListWidget>
#include <QPushButton>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve::test {

namespace {

/// What is only there once a page has read everything.
QString lateWidget(const QString& page)
{
    static const QHash<QString, QString> known { { u"overview"_s, u"connectionCard"_s },
        { u"providers"_s, u"connectionForm"_s }, { u"changes"_s, u"held"_s },
        { u"policies"_s, u"description"_s }, { u"proxy"_s, u"compareButton"_s },
        { u"devices"_s, u"devices"_s } };
    return known.value(page);
}

} // namespace

bool addProxy(WindowFixture& fixture, DatabrokerDouble& proxy, int devices, const QString& name,
    const QHash<QString, QString>& more)
{
    const auto now
        = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    proxy.write(madeUpDevices(devices, UtcTime(now)));
    for (int i = 0; i < devices; i += 3) {
        const QString number = QString::number(i);
        proxy.write({ pendingRecord({ .enrollmentId = u"w-"_s + number,
            .userId = u"u-"_s + number,
            .approvedBy = i % 2 == 0 ? u"admin"_s : QString() }) });
    }
    QHash<QString, QString> options { { u"address"_s, proxy.endpoint().address() },
        { u"policy_channel"_s, u"none"_s } };
    options.insert(more);
    const auto added = fixture.ask([name, options](Store& store) {
        return store.targets().add(
            { .name = name, .options = options, .storedSecrets = { u"shared_secret"_s } });
    });
    if (!added
        || !fixture.secrets().write({ .connectionId = added->id,
                                        .connectionName = added->name,
                                        .field = u"shared_secret"_s },
            QString::fromLatin1(DatabrokerDouble::secret().toBase64()))) {
        return false;
    }
    TargetBoard& targets = fixture.context().targets;
    targets.refresh();
    return QTest::qWaitFor([&] { return targets.find(added->id) != nullptr; }, kPatienceMs);
}

bool FilledWindow::fill()
{
    if (!fixture.show()) {
        return false;
    }
    constexpr int people = 50;
    constexpr int devices = 6;
    connectionId = fixture.addSample(people);
    if (connectionId.isEmpty() || !addProxy(fixture, proxy, devices)) {
        return false;
    }
    const auto policy = fixture.ask([](Store& store) {
        return store.policies().save(StoredPolicy { .name = u"Staff"_s,
            .text = u"- allow:\n    or:\n      - domain:\n          is: \"example.com\"\n"_s });
    });
    const auto route = fixture.ask([](Store& store) {
        return store.policies().save(StoredRoute { .name = u"Wiki"_s,
            .from = u"https://wiki.example.org"_s,
            .to = { u"http://127.0.0.1:8080"_s } });
    });
    const auto shrunk = fixture.ask([id = connectionId](Store& store) -> Result<void> {
        auto connection = store.connections().byId(id);
        if (!connection) {
            return connection.error();
        }
        connection->options.insert(u"users"_s, u"5"_s);
        return store.connections().updateSettings(*connection);
    });
    if (!policy || !route || !shrunk) {
        return false;
    }
    policyId = policy->id;
    routeId = route->id;
    fixture.sync().sync(connectionId);
    return QTest::qWaitFor(
        [this] {
            const auto* connection = fixture.connections().find(connectionId);
            return connection != nullptr && connection->state == ConnectionState::Held
                && fixture.sync().runningCount() == 0;
        },
        kPatienceMs);
}

bool FilledWindow::showPage(const QString& page)
{
    fixture.window().showPage(
        page, page == u"policies" ? QString(u"policy:"_s + policyId) : QString());
    const QString late = lateWidget(page);
    return late.isEmpty() || waitFor(page, late);
}

bool FilledWindow::waitFor(const QString& page, const QString& widget)
{
    return QTest::qWaitFor(
        [&] {
            const auto found = fixture.window().page(page)->findChildren<QWidget*>(widget);
            return std::ranges::any_of(found, &QWidget::isVisible);
        },
        kPatienceMs);
}

QString FilledWindow::linkTo(const QString& view)
{
    const auto stored
        = fixture.ask([id = connectionId](Store& store) { return store.directory().load(id); });
    const SnapshotPtr snapshot = stored.value().snapshot;
    if (view == u"user") {
        return u"user:"_s + connectionId + u':' + snapshot->userId(0);
    }
    if (view == u"group") {
        return u"group:"_s + connectionId + u':' + snapshot->groupId(0);
    }
    if (view == u"route") {
        return u"route:"_s + routeId;
    }
    if (view == u"run") {
        const auto runs = fixture.ask([](Store& store) { return store.runs().list({}); });
        return u"run:"_s + QString::number(runs.value().back().id);
    }
    return view.section(u':', 0, 0);
}

bool FilledWindow::showView(const QString& page, const QString& view)
{
    static const QHash<QString, QString> late { { u"user"_s, u"objectName"_s },
        { u"group"_s, u"objectName"_s }, { u"route"_s, u"matchKind"_s }, { u"run"_s, u"summary"_s },
        { u"add"_s, u"providerPicker"_s } };
    if (!showPage(page)) {
        return false;
    }
    fixture.window().showPage(page, linkTo(view));
    if (!waitFor(page, late.value(view.section(u':', 0, 0)))) {
        return false;
    }
    if (!view.startsWith(u"add:")) {
        return true;
    }
    const auto& connectors = connectorRegistry();
    const auto chosen
        = std::ranges::find(connectors, view.section(u':', 1), &ConnectorDescriptor::id);
    const QWidget& at = *fixture.window().page(page);
    at.findChild<QListWidget*>(u"providerPicker"_s)
        ->setCurrentRow(static_cast<int>(chosen - connectors.begin()));
    at.findChild<QPushButton*>(u"wizardNext"_s)->click();
    return waitFor(page, u"connectionForm"_s);
}

} // namespace portreeve::test
