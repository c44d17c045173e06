// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/configexport.h"
#include "core/proxy/exporttext.h"
#include "tests/support/smalldirectory.h"
#include "tests/support/testregistry.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

StoredRoute routeTo(const QString& name, const QString& from, const QString& prefix = {})
{
    return { .id = name,
        .name = name,
        .from = from,
        .to = { u"http://127.0.0.1:8080"_s },
        .prefix = prefix };
}

StoredPolicy policyOf(const QString& id, const QString& text, bool enforced = false)
{
    return { .id = id, .name = id, .text = text, .enforced = enforced };
}

ExportSource source(const QString& policyText, bool configFile = true)
{
    auto app = routeTo(u"app"_s, u"https://app.corp.test"_s);
    app.policyIds = { u"own"_s };
    return { .routes = { app },
        .policies = { policyOf(u"own"_s, policyText) },
        .target = { .configFile = configFile } };
}

} // namespace

class TstConfigExport : public QObject
{
    Q_OBJECT

private slots:
    void aFragmentHoldsOnlyRoutes();
    void whatAFormatCannotCarryIsSaid();
    void ownPoliciesComeBeforeEnforcedOnes();
    void whatTheProxyWouldRefuseIsRefused_data();
    void whatTheProxyWouldRefuseIsRefused();
    void upperCaseClaimsTravelOutsideTheFile();
    void criteriaOfOtherEditionsNeedTheirEdition();
    void brokenCriteriaOfOtherEditionsAreRefused_data();
    void brokenCriteriaOfOtherEditionsAreRefused();
    void routesThatCannotBeMatchedAreRefused_data();
    void routesThatCannotBeMatchedAreRefused();
    void routesBehindOursAreNotHidden();
    void prefixesAreOrderedSoThatNoneIsHidden();
    void vanishedGroupsCloseWhatTheyGuarded();
    void exportedRoutesAreReadBackTheSame();
};

void TstConfigExport::aFragmentHoldsOnlyRoutes()
{
    auto input = source(u"{allow: {and: [{groups: g-eng}]}}"_s);
    input.routes.front().prefix = u"/x"_s;
    input.routes.front().passIdentityHeaders = true;

    const auto prepared = prepareExport(input);
    const auto text = writeFragment(prepared.routes);

    QVERIFY(prepared.outcome().hasValue());
    QCOMPARE(*text,
        QByteArray("routes:\n"
                   "  - name: \"app\"\n"
                   "    from: \"https://app.corp.test\"\n"
                   "    to: \"http://127.0.0.1:8080\"\n"
                   "    prefix: \"/x\"\n"
                   "    pass_identity_headers: true\n"
                   "    policy:\n"
                   "      - allow:\n"
                   "          and:\n"
                   "            - groups:\n"
                   "                has: \"g-eng\"\n"));
    QCOMPARE(*writeFragment({}), QByteArray("routes: []\n"));
}

void TstConfigExport::whatAFormatCannotCarryIsSaid()
{
    auto input = source(u"{allow: {and: [{groups: g-eng}]}}"_s);
    input.policies.front().explanation = u"Engineers only"_s;

    const auto fragment = exportText(input, { .format = ExportFormat::Fragment });
    const auto terraform = exportText(input, { .format = ExportFormat::Terraform });

    QCOMPARE(fragment->notes.size(), std::size_t { 1 });
    QVERIFY(fragment->notes.front().english().contains(input.policies.front().name));
    QVERIFY(terraform->notes.empty());
    QVERIFY(terraform->text.contains("Engineers only"));
}

void TstConfigExport::ownPoliciesComeBeforeEnforcedOnes()
{
    auto input = source(u"{allow: {or: [{user: a}]}}"_s);
    input.policies.insert(
        input.policies.begin(), policyOf(u"house"_s, u"{allow: {or: [{user: b}]}}"_s, true));

    const auto rules = prepareExport(input).routes.front().rules.rules;

    QCOMPARE(rules.size(), std::size_t { 2 });
    QCOMPARE(*rules[0].lists[0].criteria[0].data.asString(), u"a"_s);
    QCOMPARE(*rules[1].lists[0].criteria[0].data.asString(), u"b"_s);
}

void TstConfigExport::whatTheProxyWouldRefuseIsRefused_data()
{
    QTest::addColumn<QString>("text");
    for (const auto* text : { "{allow: {and: [{claim/familyName: Roe}]}}", "{allow: {xor: []}}",
             "{allow: {and: [{nosuch: 1}]}}", "{allow: {and: [{domain: 5}]}}",
             "{allow: {and: [{user: \"\\u0007\"}]}}", "{allow: {and: [{day_of_week: mon}]}}",
             "{allow: {and: [{record: {type: x, exists: true}}]}}",
             "{allow: {and: [{http_path: {not: /x}}]}}",
             "{deny: {or: [{http_method: {not_in: [GET], in: [PUT]}}]}}",
             "{allow: {and: [{user: {is: {Key: 1}}}]}}", "[" }) {
        QTest::addRow("%s", text) << QString::fromLatin1(text);
    }
}

void TstConfigExport::whatTheProxyWouldRefuseIsRefused()
{
    QFETCH(QString, text);

    const auto prepared = prepareExport(source(text));

    QCOMPARE(prepared.refusals.size(), std::size_t { 1 });
    QCOMPARE(prepared.refusals.front().routeName, u"app"_s);
    QVERIFY(!prepared.refusals.front().reason.isEmpty());
    QVERIFY(!prepared.refusals.front().fix.isEmpty());
    QVERIFY(prepared.routes.empty());
    QCOMPARE(prepared.outcome().error().code, ErrorCode::InvalidInput);
}

void TstConfigExport::upperCaseClaimsTravelOutsideTheFile() // policy.md case 182
{
    const auto prepared
        = prepareExport(source(u"{allow: {and: [{claim/familyName: Roe}]}}"_s, false));

    QVERIFY(prepared.refusals.empty());
    QVERIFY(writeFragment(prepared.routes)->contains("claim/familyName"));
}

void TstConfigExport::criteriaOfOtherEditionsNeedTheirEdition()
{
    auto input = source(u"{allow: {and: [{record: {type: hr, field: dept, is: eng}}]}}"_s);
    input.target.edition = policy::Edition::Zero;
    QCOMPARE(prepareExport(input).refusals.size(), std::size_t { 1 });

    input.target.edition = policy::Edition::Enterprise;
    QVERIFY(prepareExport(input).refusals.empty());
}

void TstConfigExport::brokenCriteriaOfOtherEditionsAreRefused_data()
{
    QTest::addColumn<QString>("text");
    for (const auto* criterion :
        { "{record: {type: hr}}", "{record: {type: hr, field: dept, is: \"\\u0007\"}}",
            "{time_of_day: {after: 8:30 AM}}", "{date: {after: 31.01.2026}}",
            "{day_of_week: workdays}" }) {
        QTest::addRow("%s", criterion)
            << u"{allow: {and: [%1]}}"_s.arg(QString::fromLatin1(criterion));
    }
}

void TstConfigExport::brokenCriteriaOfOtherEditionsAreRefused() // policy.md 4.6
{
    QFETCH(QString, text);
    auto input = source(text);
    input.target.edition = policy::Edition::Enterprise;

    const auto prepared = prepareExport(input);

    QCOMPARE(prepared.refusals.size(), std::size_t { 1 });
    QVERIFY(!prepared.refusals.front().fix.isEmpty());
    QVERIFY(prepared.routes.empty());
}

void TstConfigExport::routesThatCannotBeMatchedAreRefused_data()
{
    QTest::addColumn<StoredRoute>("route");
    const auto add = [](const char* name, const auto& change) {
        auto route = routeTo(u"second"_s, u"https://app.corp.test"_s, u"/second"_s);
        change(route);
        QTest::addRow("%s", name) << route;
    };
    add("no scheme", [](StoredRoute& route) { route.from = u"app.corp.test"_s; });
    add("path in from", [](StoredRoute& route) { route.from = u"https://app.corp.test/x"_s; });
    add("no destination", [](StoredRoute& route) { route.to.clear(); });
    add("bad destination", [](StoredRoute& route) { route.to = { u"127.0.0.1"_s }; });
    add("two matchers", [](StoredRoute& route) { route.path = u"/x"_s; });
    add("relative prefix", [](StoredRoute& route) { route.prefix = u"x"_s; });
    add("look-ahead", [](StoredRoute& route) {
        route.prefix.clear();
        route.regex = u"^/(?!x)"_s;
    });
    add("same place", [](StoredRoute& route) { route.prefix = u"/first"_s; });
    add("below the base file",
        [](StoredRoute& route) { route.from = u"https://base.corp.test"_s; });
    add("missing policy", [](StoredRoute& route) { route.policyIds = { u"gone"_s }; });
}

void TstConfigExport::routesThatCannotBeMatchedAreRefused()
{
    QFETCH(StoredRoute, route);
    const ExportSource input { .routes
        = { routeTo(u"first"_s, u"https://app.corp.test"_s, u"/first"_s), route },
        .target = { .configFile = true },
        .baseRoutes = { routeTo(u"base"_s, u"https://base.corp.test"_s) } };

    const auto prepared = prepareExport(input);

    QCOMPARE(prepared.refusals.size(), std::size_t { 1 });
    QCOMPARE(prepared.refusals.front().routeName, u"second"_s);
    QVERIFY(!prepared.refusals.front().fix.isEmpty());
    QCOMPARE(prepared.routes.size(), std::size_t { 1 });
}

void TstConfigExport::routesBehindOursAreNotHidden()
{
    auto input = source(u"[]"_s);
    input.laterRoutes = { routeTo(QString(), u"https://app.corp.test"_s, u"/api"_s) };

    const auto hidden = prepareExport(input);
    input.routes.front().prefix = u"/app"_s;
    const auto beside = prepareExport(input);

    QCOMPARE(hidden.refusals.size(), std::size_t { 1 });
    QVERIFY(hidden.refusals.front().reason.english().contains(u"https://app.corp.test"));
    QVERIFY(beside.refusals.empty());
}

void TstConfigExport::prefixesAreOrderedSoThatNoneIsHidden()
{
    auto exact = routeTo(u"z"_s, u"https://app.corp.test"_s);
    exact.path = u"/a/b"_s;
    const ExportSource input { .routes
        = { routeTo(u"all"_s, u"https://app.corp.test"_s),
            routeTo(u"a"_s, u"https://app.corp.test"_s, u"/a"_s),
            routeTo(u"ab"_s, u"https://app.corp.test"_s, u"/a/b"_s), exact } };

    const auto prepared = prepareExport(input);

    QVERIFY(prepared.refusals.empty());
    QStringList names;
    for (const auto& route : prepared.routes) {
        names.append(route.route.name);
    }
    QCOMPARE(names, (QStringList { u"z"_s, u"ab"_s, u"a"_s, u"all"_s }));
}

void TstConfigExport::vanishedGroupsCloseWhatTheyGuarded()
{
    auto input
        = source(u"{allow: {or: [{authenticated_user: 1}]}, deny: {or: [{groups: g-gone}]}}"_s);
    input.groups = access::ExportedGroups(
        { .connections = { test::staffDirectory().connection(u"corp"_s) } }, {});

    const auto text = *writeFragment(prepareExport(input).routes);

    QVERIFY(text.contains("- deny:\n          or:\n            - accept: true\n"));
    QVERIFY(!text.contains("g-gone"));
}

void TstConfigExport::exportedRoutesAreReadBackTheSame()
{
    auto input = source(u"[{allow: {or: [{email: a@b.c}, {claim/x.y: 3}]}}, "
                        "{deny: {nor: [{source_ip: 10.0.0.0/8}]}}]"_s);
    input.routes.front().to.push_back(u"http://127.0.0.1:8081"_s);
    const auto prepared = prepareExport(input);

    const auto back = readFragment(*writeFragment(prepared.routes));

    QVERIFY(back.hasValue());
    QCOMPARE(back->size(), std::size_t { 1 });
    QCOMPARE(back->front().route.from, u"https://app.corp.test"_s);
    QVERIFY(back->front().route.to == input.routes.front().to);
    QVERIFY(normalForm(back->front().rules) == normalForm(prepared.routes.front().rules));
    QVERIFY(!readFragment("routes: [{policy: {allow: {xor: []}}}]").hasValue());
    QVERIFY(!readFragment("routes: [{policy: {allow: {}, ALLOW: {}}}]").hasValue());
}

static const bool kConfigExportRegistered
    = test::registerTestClass<TstConfigExport>("configexport");

} // namespace portreeve

#include "tst_configexport.moc"
