// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/policy/texttree.h"
#include "core/proxy/exporttext.h"
#include "core/proxy/kubernetesexport.h"
#include "core/proxy/objectnames.h"
#include "tests/support/testregistry.h"

#include <QRegularExpression>
#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

StoredPolicy namedPolicy(const QString& name, const QString& text, bool enforced = false)
{
    return { .id = u"id of "_s + name, .name = name, .text = text, .enforced = enforced };
}

StoredRoute routeWith(const QString& name, std::vector<QString> policyIds)
{
    return { .id = name,
        .name = name,
        .from = u"https://%1.corp.test"_s.arg(name),
        .to = { u"http://127.0.0.1:8080"_s },
        .policyIds = std::move(policyIds) };
}

const QString kEngineers = u"{allow: {and: [{groups: g-eng}]}}"_s;
const QString kHouse = u"{deny: {or: [{claim/familyName: \"a\\\"b\\u0085\\n|#: EOT\"}]}}"_s;

ExportSource source()
{
    return { .routes = { routeWith(u"app"_s, { u"id of Engineers"_s }) },
        .policies = { namedPolicy(u"Engineers"_s, kEngineers),
            namedPolicy(u"House"_s, kHouse, true), namedPolicy(u"Unused"_s, u"[]"_s) } };
}

ExportedText exported(const ExportSource& from, ExportFormat format)
{
    return *exportText(from, { .format = format });
}

/// The documents of a stream as plain values.
std::vector<policy::Value> documents(const QByteArray& stream)
{
    std::vector<policy::Value> out;
    for (auto start = stream.indexOf("---\n"); start >= 0;) {
        const auto next = stream.indexOf("\n---\n", start);
        const auto text = stream.mid(start + 4, next < 0 ? -1 : next + 1 - start - 4);
        const auto tree = policy::readYaml(text, policy::KeyRule::Strict);
        if (tree.root) {
            out.push_back(toValue(*tree.root));
        }
        start = next < 0 ? next : next + 1;
    }
    return out;
}

QString at(const policy::Value& value, const QStringList& path)
{
    const auto* found = &value;
    for (const auto& key : path) {
        found = found == nullptr ? nullptr : found->member(key);
    }
    const auto* text = found == nullptr ? nullptr : found->asString();
    return text == nullptr ? u"(missing)"_s : *text;
}

policy::Policy parsedText(const QString& text)
{
    const auto result = policy::parsePolicy(text.toUtf8());
    return result.policy ? normalForm(*result.policy) : policy::Policy {};
}

} // namespace

class TstKubernetesExport : public QObject
{
    Q_OBJECT

private slots:
    void aRouteIsOnePatchWithItsPolicies();
    void annotationsAreReadBackTheSame();
    void aPolicyIsOneFilter();
    void filtersAreReadBackTheSame();
    void nothingIsWrittenWhileAnythingIsRefused_data();
    void nothingIsWrittenWhileAnythingIsRefused();
    void aNamespaceIsChecked();
    void namesFollowTheRule_data();
    void namesFollowTheRule();
    void namesAreAllDifferent();
};

void TstKubernetesExport::aRouteIsOnePatchWithItsPolicies()
{
    auto input = source();
    input.policies.erase(input.policies.begin() + 1);
    input.routes.front().passIdentityHeaders = true;

    const auto text = exported(input, ExportFormat::IngressAnnotations).text;

    QCOMPARE(text,
        QByteArray("---\n"
                   "apiVersion: networking.k8s.io/v1\n"
                   "kind: Ingress\n"
                   "metadata:\n"
                   "  name: \"app\"\n"
                   "  annotations:\n"
                   "    ingress.pomerium.io/pass_identity_headers: \"true\"\n"
                   "    ingress.pomerium.io/policy: |\n"
                   "      - allow:\n"
                   "          and:\n"
                   "            - groups:\n"
                   "                has: \"g-eng\"\n"));
}

void TstKubernetesExport::annotationsAreReadBackTheSame()
{
    auto input = source();
    input.routes.push_back(routeWith(u"open"_s, {}));
    input.policies[1].enforced = false;
    input.routes.front().policyIds.push_back(u"id of House"_s);

    const auto found = documents(exported(input, ExportFormat::IngressAnnotations).text);

    QCOMPARE(found.size(), std::size_t { 2 });
    const QStringList place { u"metadata"_s, u"annotations"_s, u"ingress.pomerium.io/policy"_s };
    auto both = parsedText(kEngineers);
    const auto house = parsedText(kHouse);
    both.rules.insert(both.rules.end(), house.rules.begin(), house.rules.end());
    QVERIFY(parsedText(at(found[0], place)) == normalForm(both));
    QVERIFY(at(found[0], place).contains(u"claim/familyName"));
    QCOMPARE(at(found[1], place), u"[]\n"_s);
    QCOMPARE(at(found[1], { u"metadata"_s, u"name"_s }), u"open"_s);
}

void TstKubernetesExport::aPolicyIsOneFilter()
{
    const auto prepared = exported(source(), ExportFormat::PolicyFilters).prepared;

    const auto text = *writePolicyFilters(prepared, u"proxy"_s);

    QVERIFY2(text.startsWith("---\n"
                             "apiVersion: gateway.pomerium.io/v1alpha1\n"
                             "kind: PolicyFilter\n"
                             "metadata:\n"
                             "  name: \"engineers\"\n"
                             "  namespace: \"proxy\"\n"
                             "spec:\n"
                             "  ppl: |\n"
                             "    - allow:\n"
                             "        and:\n"
                             "          - groups:\n"
                             "              has: \"g-eng\"\n"
                             "---\n"),
        text.constData());
}

void TstKubernetesExport::filtersAreReadBackTheSame()
{
    const auto found = documents(exported(source(), ExportFormat::PolicyFilters).text);

    QCOMPARE(found.size(), std::size_t { 3 });
    const QStringList names { u"engineers"_s, u"house"_s, u"unused"_s };
    const QStringList texts { kEngineers, kHouse, u"[]"_s };
    for (std::size_t i = 0; i < found.size(); ++i) {
        const auto index = static_cast<qsizetype>(i);
        QCOMPARE(at(found[i], { u"metadata"_s, u"name"_s }), names[index]);
        QVERIFY(parsedText(at(found[i], { u"spec"_s, u"ppl"_s })) == parsedText(texts[index]));
    }
}

void TstKubernetesExport::nothingIsWrittenWhileAnythingIsRefused_data()
{
    QTest::addColumn<QString>("text");
    for (const auto* text : { "{allow: {and: [{domain: 5}]}}", "{allow: {and: [{nosuch: 1}]}}",
             "{allow: {and: [{user: \"\\u0007\"}]}}", "{allow: {and: [{day_of_week: mon}]}}",
             "{allow: {and: [{client_certificate: {san_dns: {not_in: [a]}}}]}}", "[" }) {
        QTest::addRow("%s", text) << QString::fromLatin1(text);
    }
}

void TstKubernetesExport::nothingIsWrittenWhileAnythingIsRefused()
{
    QFETCH(QString, text);
    auto attached = source();
    attached.policies[0].text = text;
    auto unused = source();
    unused.policies[2].text = text;

    for (const auto format : { ExportFormat::IngressAnnotations, ExportFormat::PolicyFilters,
             ExportFormat::Terraform }) {
        const auto result = exported(attached, format);
        QVERIFY(result.text.isEmpty());
        QCOMPARE(result.prepared.refusals.front().routeName, u"app"_s);
        QCOMPARE(result.prepared.refusals.front().policyName, u"Engineers"_s);
    }
    const auto alone = exported(unused, ExportFormat::PolicyFilters);
    QVERIFY(alone.text.isEmpty());
    QCOMPARE(alone.prepared.refusals.size(), std::size_t { 1 });
    QCOMPARE(alone.prepared.refusals.front().policyName, u"Unused"_s);
    QVERIFY(alone.prepared.outcome().error().what.english().contains(u"policy \"Unused\""));
    QVERIFY(!exported(unused, ExportFormat::IngressAnnotations).text.isEmpty());
}

void TstKubernetesExport::aNamespaceIsChecked()
{
    const auto prepared = exported(source(), ExportFormat::PolicyFilters).prepared;

    for (const auto& wrong : { u"Proxy"_s, u"-a"_s, u"a\nb"_s, QString(64, u'a') }) {
        const auto text = writePolicyFilters(prepared, wrong);
        QVERIFY(!text);
        QCOMPARE(text.error().field, u"namespace"_s);
    }
}

void TstKubernetesExport::namesFollowTheRule_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("label");
    QTest::addColumn<QString>("identifier");
    QTest::addRow("plain") << u"app"_s << u"app"_s << u"app"_s;
    QTest::addRow("words") << u"  Human Resources (EU) "_s << u"human-resources-eu"_s
                           << u"human_resources_eu"_s;
    QTest::addRow("marks") << u"Café Zoë"_s << u"cafe-zoe"_s << u"cafe_zoe"_s;
    QTest::addRow("digit first") << u"2nd floor"_s << u"2nd-floor"_s << u"_2nd_floor"_s;
    QTest::addRow("line break") << u"a\n---\nkind: x"_s << u"a-kind-x"_s << u"a_kind_x"_s;
    QTest::addRow("too long") << QString(u"ab "_s.repeated(40)) << u"ab-"_s.repeated(21).chopped(1)
                              << u"ab_"_s.repeated(21).chopped(1);
}

void TstKubernetesExport::namesFollowTheRule()
{
    QFETCH(QString, name);
    QFETCH(QString, label);
    QFETCH(QString, identifier);

    QCOMPARE(objectNames({ { u"1"_s, name } }, NameRule::DnsLabel).front(), label);
    QCOMPARE(objectNames({ { u"1"_s, name } }, NameRule::Identifier).front(), identifier);
}

void TstKubernetesExport::namesAreAllDifferent()
{
    static const QRegularExpression rule(u"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\z"_s);
    const QString longName = u"x"_s.repeated(80);
    const std::vector<NamedObject> objects { { u"1"_s, u"Eng staff"_s }, { u"2"_s, u"eng-staff"_s },
        { u"3"_s, u"ENG_STAFF"_s }, { u"4"_s, u"日本"_s }, { u"5"_s, u"!!!"_s },
        { u"6"_s, longName + u"a"_s }, { u"7"_s, longName + u"b"_s } };

    const auto names = objectNames(objects, NameRule::DnsLabel);

    QCOMPARE(names[1], u"eng-staff"_s);
    QVERIFY(names[0].startsWith(u"eng-staff-"_s));
    for (const auto& name : names) {
        QVERIFY2(rule.match(name).hasMatch(), qPrintable(name));
        QCOMPARE(std::count(names.begin(), names.end(), name), 1);
    }
    const std::vector<NamedObject> reversed(objects.rbegin(), objects.rend());
    auto again = objectNames(reversed, NameRule::DnsLabel);
    std::reverse(again.begin(), again.end());
    QCOMPARE(again, names);
}

static const bool kKubernetesExportRegistered
    = test::registerTestClass<TstKubernetesExport>("kubernetesexport");

} // namespace portreeve

#include "tst_kubernetesexport.moc"
