// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/testregistry.h"
#include "ui/forms/fieldeditor.h"
#include "ui/forms/fieldrow.h"
#include "ui/forms/optionsform.h"
#include "ui/forms/secretedit.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTest>
#include <QToolButton>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

std::vector<FieldDescriptor> allKinds()
{
    return {
        { .key = u"name"_s, .kind = FieldKind::Text, .label = "&Name", .required = true },
        { .key = u"token"_s, .kind = FieldKind::Secret, .label = "&Token", .required = true },
        { .key = u"address"_s, .kind = FieldKind::Url, .label = "&Address" },
        { .key = u"size"_s,
            .kind = FieldKind::Integer,
            .label = "&Size",
            .defaultValue = u"10"_s,
            .minimum = 1,
            .maximum = 20 },
        { .key = u"delay"_s,
            .kind = FieldKind::Duration,
            .label = "&Delay",
            .defaultValue = u"10m"_s },
        { .key = u"mode"_s,
            .kind = FieldKind::Choice,
            .label = "&Mode",
            .defaultValue = u"plain"_s,
            .choices = { { u"plain"_s, "Plain" }, { u"fancy"_s, "Fancy" } } },
        { .key = u"extra"_s,
            .kind = FieldKind::Text,
            .label = "E&xtra",
            .visibleWhen = FieldCondition { .key = u"mode"_s, .values = { u"fancy"_s } } },
        { .key = u"fast"_s, .kind = FieldKind::Flag, .label = "&Fast", .defaultValue = u"false"_s },
        { .key = u"ca"_s, .kind = FieldKind::File, .label = "&CA file", .advanced = true },
    };
}

} // namespace

class TstOptionsForm : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void everyKindHasANamedInput();
    void tabVisitsTheFieldsInTheirOrder();
    void defaultsAreNotStored();
    void resetGoesToTheStoredValueAndThenToTheDefault();
    void aFieldIsCheckedWhenItIsLeft();
    void helpThatAProblemRepeatsIsHidden();
    void saveJumpsToTheFirstWrongField();
    void fieldsAppearByCondition();
    void storedSecretsCannotBeReadBack();
    void typedSecretsAreForgottenAfterSaving();
    void unknownKeysAreKeptAndNamed();

private:
    template <typename Input> Input* input(const char* key) const
    {
        return m_form->findChild<Input*>(QString::fromLatin1(key));
    }

    std::unique_ptr<OptionsForm> m_form;
};

void TstOptionsForm::init()
{
    m_form = std::make_unique<OptionsForm>(allKinds(), OptionsForm::Check {});
    m_form->resize(700, 800);
    m_form->show();
    QVERIFY(QTest::qWaitForWindowActive(m_form.get()));
}

void TstOptionsForm::cleanup()
{
    m_form.reset();
}

void TstOptionsForm::everyKindHasANamedInput()
{
    for (auto* row : m_form->findChildren<FieldRow*>()) {
        const auto inputs = row->findChildren<QWidget*>();
        for (const auto* widget : inputs) {
            if (widget->focusPolicy() != Qt::NoFocus && widget->focusProxy() == nullptr) {
                const auto* button = qobject_cast<const QPushButton*>(widget);
                const bool hasText = button != nullptr && !button->text().isEmpty();
                QVERIFY2(hasText || !widget->accessibleName().isEmpty(),
                    qPrintable(row->objectName() + u' '
                        + QString::fromLatin1(widget->metaObject()->className())));
            }
        }
    }
}

void TstOptionsForm::tabVisitsTheFieldsInTheirOrder()
{
    input<QLineEdit>("name")->setFocus();
    QStringList visited;
    for (int press = 0; press < 30; ++press) {
        const QString name = QApplication::focusWidget()->objectName();
        if (!visited.contains(name)) {
            visited << name;
        }
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
    }

    QStringList fields;
    for (const QString& name : visited) {
        if (!name.isEmpty()) {
            fields << name;
        }
    }
    QCOMPARE(fields,
        QStringList({ u"name"_s, u"secretLine"_s, u"address"_s, u"size"_s, u"delay"_s, u"mode"_s,
            u"fast"_s, u"advancedDisclosure"_s }));
}

void TstOptionsForm::defaultsAreNotStored()
{
    m_form->setValues({ { u"name"_s, u"Staff"_s }, { u"size"_s, u"10"_s } }, {});

    QCOMPARE(m_form->values(), OptionValues({ { u"name"_s, u"Staff"_s } }));
    QCOMPARE(input<QLineEdit>("size")->text(), u"10"_s);
    QVERIFY(!m_form->isDirty());
}

void TstOptionsForm::resetGoesToTheStoredValueAndThenToTheDefault()
{
    m_form->setValues({ { u"size"_s, u"15"_s } }, {});
    auto* size = input<QLineEdit>("size");
    auto* reset = m_form->findChild<FieldRow*>(u"sizeRow"_s)->findChild<QToolButton*>();
    size->selectAll();
    QTest::keyClicks(size, u"17"_s);
    QVERIFY(m_form->isDirty());

    reset->click();
    QCOMPARE(size->text(), u"15"_s);
    QVERIFY(!m_form->isDirty());

    reset->click();
    QCOMPARE(size->text(), u"10"_s);
    QVERIFY(m_form->isDirty());
}

void TstOptionsForm::aFieldIsCheckedWhenItIsLeft()
{
    auto* size = input<QLineEdit>("size");
    auto* problem = m_form->findChild<QLabel*>(u"sizeProblem"_s);
    size->setFocus();
    size->selectAll();
    QTest::keyClicks(size, u"99"_s);
    QVERIFY(!problem->isVisible()); // not while typing

    QTest::keyClick(size, Qt::Key_Tab);

    QVERIFY(problem->isVisible());
    QVERIFY(problem->text().contains(u"99"));
    QVERIFY(!m_form->findChild<QLabel*>(u"addressProblem"_s)->isVisible()); // never visited yet
}

void TstOptionsForm::helpThatAProblemRepeatsIsHidden()
{
    FieldRow row({ .key = u"host"_s,
                     .label = "&Host",
                     .help = "The server's name.",
                     .example = u"example.org"_s },
        nullptr);
    row.show();
    const auto shown = [&row](const QString& text) {
        const auto labels = row.findChildren<QLabel*>();
        return std::count_if(labels.begin(), labels.end(), [&text](const auto* label) {
            return label->isVisible() && label->text().contains(text);
        });
    };
    const QString help = u"The server's name."_s;
    QCOMPARE(shown(help), 1);

    row.setProblem(u"Fill in “Host”. The server's name."_s);
    QCOMPARE(shown(help), 1);
    const auto* problem = row.findChild<QLabel*>(u"hostProblem"_s);
    QCOMPARE(problem->text(), u"Fill in “Host”."_s);

    row.setProblem(u"Not a name."_s);
    QCOMPARE(shown(help), 1);
    QCOMPARE(shown(u"Not a name."_s), 1);

    row.setProblem({});
    QCOMPARE(shown(help), 1);
}

void TstOptionsForm::saveJumpsToTheFirstWrongField()
{
    QVERIFY(!m_form->check());

    QCOMPARE(m_form->firstInvalid(), input<QLineEdit>("name"));
}

void TstOptionsForm::fieldsAppearByCondition()
{
    auto* row = m_form->findChild<FieldRow*>(u"extraRow"_s);
    QVERIFY(!row->isVisible());

    QTest::keyClick(input<QComboBox>("mode"), Qt::Key_Down);

    QVERIFY(row->isVisible());
}

void TstOptionsForm::storedSecretsCannotBeReadBack()
{
    m_form->setValues({}, { u"token"_s });
    auto* secret = m_form->findChild<SecretEdit*>();

    QVERIFY(m_form->typedSecrets().isEmpty());
    QVERIFY(!secret->findChild<QLineEdit*>()->isVisible());
    QCOMPARE(m_form->presentSecrets(), std::vector<QString> { u"token"_s });

    QTest::mouseClick(secret->findChild<QWidget*>(u"secretRemove"_s), Qt::LeftButton);
    QCOMPARE(m_form->removedSecrets(), std::vector<QString> { u"token"_s });
    QVERIFY(m_form->presentSecrets().empty());
}

void TstOptionsForm::typedSecretsAreForgottenAfterSaving()
{
    auto* line = m_form->findChild<SecretEdit*>()->findChild<QLineEdit*>();
    QTest::keyClicks(line, u"correct horse"_s);
    QCOMPARE(line->echoMode(), QLineEdit::Password);
    QCOMPARE(m_form->typedSecrets().value(u"token"_s), u"correct horse"_s);

    m_form->setValues({}, { u"token"_s });

    QVERIFY(line->text().isEmpty());
    QVERIFY(m_form->typedSecrets().isEmpty());
}

void TstOptionsForm::unknownKeysAreKeptAndNamed()
{
    m_form->setValues({ { u"from_tomorrow"_s, u"1"_s } }, {});

    QCOMPARE(m_form->values().value(u"from_tomorrow"_s), u"1"_s);
    QVERIFY(m_form->findChild<QLabel*>(u"unknownOptions"_s)->text().contains(u"from_tomorrow"));
}

static const bool kOptionsFormRegistered = test::registerTestClass<TstOptionsForm>("optionsform");

} // namespace portreeve

#include "tst_optionsform.moc"
