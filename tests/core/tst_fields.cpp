// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/connectors/connector.h"
#include "tests/support/testregistry.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve {

class TstFields : public QObject
{
    Q_OBJECT

private slots:
    void valuesAreCheckedByKind_data();
    void valuesAreCheckedByKind();
    void filesMustBeReadablePem();
    void plainHttpNeedsPermission();
    void requiredFieldsMustBeThere();
    void hiddenFieldsAreNotChecked();
    void defaultsFillWhatIsMissing();
    void problemsComeInFieldOrder();
    void listsAreSplitAtCommasAndLines();
};

namespace {
FieldDescriptor named(FieldKind kind)
{
    return { .key = u"field"_s, .kind = kind, .label = "&Field", .help = "Help." };
}

FieldDescriptor fieldOf(const QString& kind)
{
    if (kind == u"integer") {
        auto field = named(FieldKind::Integer);
        field.minimum = 100;
        field.maximum = 1000;
        return field;
    }
    if (kind == u"duration") {
        auto field = named(FieldKind::Duration);
        field.minimum = 60'000;
        return field;
    }
    if (kind == u"choice") {
        auto field = named(FieldKind::Choice);
        field.choices = { { .value = u"path"_s }, { .value = u"name"_s } };
        return field;
    }
    if (kind == u"pattern") {
        auto field = named(FieldKind::Text);
        field.pattern = u"[^/]+"_s;
        field.example = u"company"_s;
        return field;
    }
    return named(kind == u"url" ? FieldKind::Url : FieldKind::Flag);
}
} // namespace

void TstFields::valuesAreCheckedByKind_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("inRemedy"); // empty = accepted
    const auto row = [](const QString& kind, const QString& value, const QString& inRemedy) {
        QTest::addRow("%s '%s'", qUtf8Printable(kind), qUtf8Printable(value))
            << kind << value << inRemedy;
    };
    row(u"integer"_s, u"500"_s, {});
    row(u"integer"_s, u"99"_s, u"from 100 to 1000"_s);
    row(u"integer"_s, u"many"_s, u"digits"_s);
    row(u"duration"_s, u"10m"_s, {});
    row(u"duration"_s, u"30s"_s, u"1m or more"_s);
    row(u"duration"_s, u"soon"_s, u"1h30m"_s);
    row(u"choice"_s, u"name"_s, {});
    row(u"choice"_s, u"Name"_s, u"path, name"_s);
    row(u"flag"_s, u"true"_s, {});
    row(u"flag"_s, u"yes"_s, u"true or false"_s);
    row(u"pattern"_s, u"master"_s, {});
    row(u"pattern"_s, u"a/b"_s, u"company"_s);
    row(u"url"_s, u"https://id.example.org/auth"_s, {});
    row(u"url"_s, u"id.example.org"_s, u"https://"_s);
    row(u"url"_s, u"ftp://id.example.org"_s, u"https://"_s);
    row(u"url"_s, u"https://me:pw@id.example.org"_s, u"before the @"_s);
    row(u"url"_s, u"https://id.example.org/?a=b"_s, u"first ?"_s);
    row(u"url"_s, u"https://id.example.org/#top"_s, u"first ?"_s);
    row(u"url"_s, u"http://127.0.0.1:8080"_s, {});
    row(u"url"_s, u"http://localhost"_s, {});
    row(u"url"_s, u"http://id.example.org"_s, u"advanced"_s);
}

void TstFields::valuesAreCheckedByKind()
{
    QFETCH(QString, kind);
    QFETCH(QString, value);
    QFETCH(QString, inRemedy);

    const auto problems = validate({ fieldOf(kind) }, { { u"field"_s, value } }, {});

    QCOMPARE(problems.empty(), inRemedy.isEmpty());
    if (!problems.empty()) {
        QCOMPARE(problems.front().key, u"field"_s);
        QVERIFY(problems.front().what.english().contains(u"Field"_s));
        QVERIFY2(problems.front().remedy.english().contains(inRemedy),
            qUtf8Printable(problems.front().remedy.english()));
        QVERIFY(!problems.front().what.english().contains(u"me:pw"_s));
    }
}

void TstFields::filesMustBeReadablePem()
{
    const QTemporaryDir folder;
    const auto write = [&](const QString& name, const QByteArray& content) {
        QFile file(folder.filePath(name));
        return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
    };
    QVERIFY(write(u"good.pem"_s, "-----BEGIN CERTIFICATE-----\nAA==\n"));
    QVERIFY(write(u"bad.der"_s, "\x30\x82"));
    const auto problemsOf = [&](const QString& path) {
        return validate({ named(FieldKind::File) }, { { u"field"_s, path } }, {});
    };

    QVERIFY(problemsOf(folder.filePath(u"good.pem"_s)).empty());
    QVERIFY(problemsOf(folder.filePath(u"bad.der"_s)).front().what.english().contains(u"PEM"_s));
    QVERIFY(
        problemsOf(folder.filePath(u"none.pem"_s)).front().what.english().contains(u"no file"_s));
    QVERIFY(!problemsOf(folder.path()).empty());
}

void TstFields::plainHttpNeedsPermission()
{
    std::vector<FieldDescriptor> fields { named(FieldKind::Url) };
    for (const auto& field : commonHttpFields()) {
        fields.push_back(field);
    }
    OptionValues values { { u"field"_s, u"http://id.example.org"_s } };

    QCOMPARE(validate(fields, values, {}).size(), std::size_t { 1 });
    values.insert(u"allow_http"_s, u"true"_s);
    QVERIFY(validate(fields, values, {}).empty());
}

void TstFields::requiredFieldsMustBeThere()
{
    auto text = named(FieldKind::Text);
    text.required = true;
    auto secret = named(FieldKind::Secret);
    secret.key = u"secret"_s;
    secret.required = true;

    const auto problems = validate({ text, secret }, { { u"field"_s, u"  "_s } }, {});
    const auto stored = validate({ text, secret }, { { u"field"_s, u"x"_s } }, { u"secret"_s });

    QCOMPARE(problems.size(), std::size_t { 2 });
    const auto error = firstProblem(problems);
    QVERIFY(error.has_value());
    QCOMPARE(error->code, ErrorCode::InvalidInput);
    QCOMPARE(error->field, u"field"_s);
    QVERIFY(stored.empty());
    QVERIFY(!firstProblem(stored).has_value());
}

void TstFields::hiddenFieldsAreNotChecked()
{
    FieldDescriptor mode { .key = u"mode"_s,
        .kind = FieldKind::Choice,
        .label = "Mode",
        .defaultValue = u"plain"_s,
        .choices = { { .value = u"plain"_s }, { .value = u"tls"_s } } };
    auto inner = named(FieldKind::Integer);
    inner.required = true;
    inner.visibleWhen = FieldCondition { .key = u"mode"_s, .values = { u"tls"_s } };
    auto deeper = named(FieldKind::Text);
    deeper.key = u"deeper"_s;
    deeper.required = true;
    deeper.visibleWhen = FieldCondition { .key = u"field"_s, .values = { u"1"_s } };
    const std::vector<FieldDescriptor> fields { mode, inner, deeper };

    QVERIFY(validate(fields, { { u"field"_s, u"1"_s } }, {}).empty());
    QCOMPARE(validate(fields, { { u"mode"_s, u"tls"_s }, { u"field"_s, u"1"_s } }, {}).size(),
        std::size_t { 1 });
}

void TstFields::defaultsFillWhatIsMissing()
{
    auto field = named(FieldKind::Integer);
    field.defaultValue = u"500"_s;
    const OptionValues stored { { u"field"_s, u" "_s }, { u"from_a_newer_version"_s, u"kept"_s } };

    const auto values = effectiveValues({ field }, stored);

    QCOMPARE(values.value(u"field"_s), u"500"_s);
    QCOMPARE(values.value(u"from_a_newer_version"_s), u"kept"_s);
}

void TstFields::problemsComeInFieldOrder()
{
    auto first = named(FieldKind::Integer);
    auto second = named(FieldKind::Flag);
    second.key = u"other"_s;

    const auto problems
        = validate({ first, second }, { { u"other"_s, u"x"_s }, { u"field"_s, u"x"_s } }, {});

    QCOMPARE(problems.size(), std::size_t { 2 });
    QCOMPARE(problems[0].key, u"field"_s);
    QCOMPARE(problems[1].key, u"other"_s);
}

void TstFields::listsAreSplitAtCommasAndLines()
{
    const ConnectorOptions options { .values = { { u"list"_s, u"a, b\n\n c ,"_s } } };

    QCOMPARE(options.list(u"list"_s), std::vector<QString>({ u"a"_s, u"b"_s, u"c"_s }));
}

static const bool kFieldsRegistered = test::registerTestClass<TstFields>("fields");

} // namespace portreeve

#include "tst_fields.moc"
