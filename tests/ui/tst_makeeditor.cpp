// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/testregistry.h"
#include "ui/forms/fieldeditor.h"
#include "ui/forms/secretedit.h"

#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve {

class TstMakeEditor : public QObject
{
    Q_OBJECT

private slots:
    void everyKindKeepsItsValue_data();
    void everyKindKeepsItsValue();
    void secretsHaveNoValue();
    void unknownChoicesAreKept();
};

void TstMakeEditor::everyKindKeepsItsValue_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("value");
    const auto add = [](const char* name, FieldKind kind, const QString& value) {
        QTest::addRow("%s", name) << static_cast<int>(kind) << value;
    };
    add("text", FieldKind::Text, u"Staff"_s);
    add("url", FieldKind::Url, u"https://id.example.org"_s);
    add("integer", FieldKind::Integer, u"12"_s);
    add("duration", FieldKind::Duration, u"1h30m"_s);
    add("choice", FieldKind::Choice, u"b"_s);
    add("flag", FieldKind::Flag, u"true"_s);
    add("file", FieldKind::File, u"/etc/ssl/ca.pem"_s);
}

void TstMakeEditor::everyKindKeepsItsValue()
{
    QFETCH(const int, kind);
    QFETCH(const QString, value);
    QWidget parent;
    const FieldDescriptor field { .key = u"field"_s,
        .kind = static_cast<FieldKind>(kind),
        .label = "&Field",
        .choices = { { u"a"_s, "A" }, { u"b"_s, "B" } } };

    auto* editor = makeEditor(field, &parent);
    editor->setValue(value);

    QCOMPARE(editor->value(), value);
    QVERIFY(editor->input() != nullptr);
    QCOMPARE(editor->input()->accessibleName(), u"Field"_s);
}

void TstMakeEditor::secretsHaveNoValue()
{
    QWidget parent;
    auto* editor
        = makeEditor({ .key = u"token"_s, .kind = FieldKind::Secret, .label = "&Token" }, &parent);

    editor->setValue(u"from somewhere"_s);

    QVERIFY(editor->value().isEmpty());
    QVERIFY(editor->secret()->typed().isEmpty());
}

void TstMakeEditor::unknownChoicesAreKept()
{
    QWidget parent;
    auto* editor = makeEditor({ .key = u"mode"_s,
                                  .kind = FieldKind::Choice,
                                  .label = "&Mode",
                                  .choices = { { u"a"_s, "A" } } },
        &parent);

    editor->setValue(u"of a later version"_s);

    QCOMPARE(editor->value(), u"of a later version"_s);
}

static const bool kMakeEditorRegistered = test::registerTestClass<TstMakeEditor>("makeeditor");

} // namespace portreeve

#include "tst_makeeditor.moc"
