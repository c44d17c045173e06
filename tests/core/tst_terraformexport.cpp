// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/exporttext.h"
#include "core/proxy/terraformexport.h"
#include "tests/support/hclreader.h"
#include "tests/support/testregistry.h"

#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

using test::HclBlock;
using test::HclValue;

namespace {

const QString kEngineersId = u"{allow: {and: [{groups: g-eng}]}}"_s;
/// Everything that means something to Terraform.
const QString kHostile
    = u"{deny: {or: [{user: \"${file(\\\"/x\\\")} %{if} $${a} $$${b} %%{c} $ % \\\\n\\nEOT\\n\"}, "
      "{claim/a: \"EOT\"}, {claim/b: \"  EOT\"}]}}"_s;

ExportSource source(const QString& text)
{
    return { .routes = { { .id = u"r1"_s,
                 .name = u"The app"_s,
                 .from = u"https://app.corp.test"_s,
                 .to = { u"http://127.0.0.1:8080"_s, u"http://127.0.0.1:8081"_s },
                 .regex = u"^/a(\\.b)?\"${x}$"_s,
                 .policyIds = { u"p1"_s },
                 .passIdentityHeaders = true } },
        .policies = { { .id = u"p1"_s,
                          .name = u"Engineers \"EU\""_s,
                          .description = u"first ${line}\nsecond %{line}"_s,
                          .text = text },
            { .id = u"p2"_s, .name = u"House"_s, .text = kHostile, .enforced = true } } };
}

std::vector<HclBlock> blocks(const QByteArray& text)
{
    return test::readHcl(text).value_or(std::vector<HclBlock> {});
}

HclBlock blockOf(const std::vector<HclBlock>& all, const QString& type, const QStringList& labels)
{
    const auto found = std::find_if(all.begin(), all.end(),
        [&](const HclBlock& block) { return block.type == type && block.labels == labels; });
    return found == all.end() ? HclBlock {} : *found;
}

policy::Policy parsedHcl(const QString& text)
{
    const auto result = policy::parsePolicy(text.toUtf8());
    return result.policy ? normalForm(*result.policy) : policy::Policy {};
}

} // namespace

class TstTerraformExport : public QObject
{
    Q_OBJECT

private slots:
    void theFileIsAsTerraformFormatsIt();
    void policiesAreReadBackTheSame();
    void routesNameThePoliciesThatApply();
    void textThatMeansSomethingToTerraformStaysText();
    void theSecretIsAVariable_data();
    void theSecretIsAVariable();
    void enforcementIsLeftToTheEditionThatHasIt();
    void textThatTerraformWouldChangeIsRefused();
};

void TstTerraformExport::theFileIsAsTerraformFormatsIt()
{
    auto input = source(kEngineersId);
    input.policies.pop_back();
    input.policies.front().name = u"Engineers"_s;
    input.policies.front().description.clear();
    input.routes.front().regex.clear();

    const auto text = exportText(input, { .format = ExportFormat::Terraform })->text;

    QCOMPARE(text.mid(text.indexOf("provider \"pomerium\"")),
        QByteArray(
            "provider \"pomerium\" {\n"
            "  api_url           = \"http://127.0.0.1:5443\"\n"
            "  shared_secret_b64 = var.pomerium_shared_secret\n"
            "}\n"
            "\n"
            "resource \"pomerium_policy\" \"engineers\" {\n"
            "  name = \"Engineers\"\n"
            "  ppl  = <<-EOT\n"
            "    - allow:\n"
            "        and:\n"
            "          - groups:\n"
            "              has: \"g-eng\"\n"
            "  EOT\n"
            "}\n"
            "\n"
            "resource \"pomerium_route\" \"the_app\" {\n"
            "  name                  = \"The app\"\n"
            "  from                  = \"https://app.corp.test\"\n"
            "  to                    = [\"http://127.0.0.1:8080\", \"http://127.0.0.1:8081\"]\n"
            "  policies              = [pomerium_policy.engineers.id]\n"
            "  pass_identity_headers = true\n"
            "}\n"));
}

void TstTerraformExport::policiesAreReadBackTheSame()
{
    const auto text = exportText(source(kEngineersId), { .format = ExportFormat::Terraform })->text;

    const auto all = blocks(text);
    const auto engineers = blockOf(all, u"resource"_s, { u"pomerium_policy"_s, u"engineers_eu"_s });
    const auto house = blockOf(all, u"resource"_s, { u"pomerium_policy"_s, u"house"_s });
    QCOMPARE(engineers.attributes[u"name"_s].text, u"Engineers \"EU\""_s);
    QVERIFY(parsedHcl(engineers.attributes[u"ppl"_s].text) == parsedHcl(kEngineersId));
    QVERIFY(!parsedHcl(kHostile).rules.empty());
    QVERIFY(parsedHcl(house.attributes[u"ppl"_s].text) == parsedHcl(kHostile));
}

void TstTerraformExport::routesNameThePoliciesThatApply()
{
    const auto text = exportText(source(kEngineersId), { .format = ExportFormat::Terraform })->text;

    const auto route = blockOf(blocks(text), u"resource"_s, { u"pomerium_route"_s, u"the_app"_s });
    const auto policies = route.attributes[u"policies"_s].items;
    QCOMPARE(policies.size(), std::size_t { 2 });
    QCOMPARE(policies[0].text, u"pomerium_policy.engineers_eu.id"_s);
    QCOMPARE(policies[1].text, u"pomerium_policy.house.id"_s);
    QCOMPARE(route.attributes[u"to"_s].items[1].text, u"http://127.0.0.1:8081"_s);
    QCOMPARE(route.attributes[u"pass_identity_headers"_s].text, u"true"_s);
    QVERIFY(!route.attributes.contains(u"show_error_details"_s));
    QVERIFY(!route.attributes.contains(u"prefix"_s));
}

void TstTerraformExport::textThatMeansSomethingToTerraformStaysText()
{
    const auto text = exportText(source(kEngineersId), { .format = ExportFormat::Terraform })->text;

    const auto all = blocks(text);
    const auto policy = blockOf(all, u"resource"_s, { u"pomerium_policy"_s, u"engineers_eu"_s });
    const auto route = blockOf(all, u"resource"_s, { u"pomerium_route"_s, u"the_app"_s });
    QCOMPARE(policy.attributes[u"description"_s].text, u"first ${line}\nsecond %{line}"_s);
    QCOMPARE(route.attributes[u"regex"_s].text, u"^/a(\\.b)?\"${x}$"_s);
    QVERIFY(!test::readHcl("a \"b\" {\n  c = \"${d}\"\n}\n"));
}

void TstTerraformExport::theSecretIsAVariable_data()
{
    QTest::addColumn<policy::Edition>("edition");
    QTest::addColumn<QString>("attribute");
    QTest::addColumn<QString>("variable");
    QTest::addRow("core") << policy::Edition::Core << u"shared_secret_b64"_s
                          << u"pomerium_shared_secret"_s;
    QTest::addRow("zero") << policy::Edition::Zero << u"service_account_token"_s
                          << u"pomerium_token"_s;
    QTest::addRow("enterprise") << policy::Edition::Enterprise << u"service_account_token"_s
                                << u"pomerium_token"_s;
}

void TstTerraformExport::theSecretIsAVariable()
{
    QFETCH(policy::Edition, edition);
    QFETCH(QString, attribute);
    QFETCH(QString, variable);

    const auto text = exportText(source(kEngineersId),
        { .format = ExportFormat::Terraform,
            .target = { .edition = edition },
            .apiUrl = QUrl(u"https://name:word@proxy.corp.test"_s) })
                          ->text;

    const auto all = blocks(text);
    const auto secret = blockOf(all, u"variable"_s, { variable });
    const auto provider = blockOf(all, u"provider"_s, { u"pomerium"_s });
    QCOMPARE(secret.attributes[u"sensitive"_s].text, u"true"_s);
    QVERIFY(!secret.attributes.contains(u"default"_s));
    QCOMPARE(provider.attributes[attribute].text, u"var."_s + variable);
    QCOMPARE(provider.attributes[u"api_url"_s].text, u"https://proxy.corp.test"_s);
    QVERIFY(!text.contains("word"));
}

void TstTerraformExport::enforcementIsLeftToTheEditionThatHasIt()
{
    for (const auto edition : { policy::Edition::Core, policy::Edition::Enterprise }) {
        const bool has = edition == policy::Edition::Enterprise;
        const auto text = exportText(source(kEngineersId),
            { .format = ExportFormat::Terraform, .target = { .edition = edition } })
                              ->text;

        const auto house
            = blockOf(blocks(text), u"resource"_s, { u"pomerium_policy"_s, u"house"_s });

        QCOMPARE(house.attributes.contains(u"enforced"_s), has);
        QCOMPARE(house.attributes.contains(u"namespace_id"_s), has);
    }
}

void TstTerraformExport::textThatTerraformWouldChangeIsRefused()
{
    const QString apart = u"{allow: {and: [{groups: \"cafe\u0301\"}]}}"_s;

    const auto text = exportText(source(apart), { .format = ExportFormat::Terraform });

    QVERIFY(!text);
    QCOMPARE(text.error().code, ErrorCode::InvalidInput);
    QVERIFY(text.error().what.english().contains(u"Engineers"));
}

static const bool kTerraformExportRegistered
    = test::registerTestClass<TstTerraformExport>("terraformexport");

} // namespace portreeve

#include "tst_terraformexport.moc"
