// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/testregistry.h"
#include "tests/ui/windowfixture.h"

#include <QAbstractButton>
#include <QAbstractScrollArea>
#include <QAbstractSpinBox>
#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QTest>
#include <QTranslator>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

/// Every text longer and accented, so that what was never marked for translation stands out and
/// what has no room to grow is cut.
class PseudoLanguage final : public QTranslator
{
public:
    QString translate(
        const char* context, const char* source, const char* /*note*/, int /*count*/) const override
    {
        if (QLatin1StringView(context) == "QShortcut"_L1) {
            return {}; // names of keys: shortcuts are read back from them
        }
        QString text = QString::fromUtf8(source);
        text.replace(u'a', u'å').replace(u'e', u'é').replace(u'o', u'ö');
        return u"["_s + text + QString(text.size() / 3, u'·') + u"]"_s;
    }

    bool isEmpty() const override { return false; }
};

bool hasName(const QWidget& widget)
{
    if (!widget.accessibleName().isEmpty()) {
        return true;
    }
    if (const auto* button = qobject_cast<const QAbstractButton*>(&widget)) {
        return !button->text().isEmpty();
    }
    const auto labels = widget.window()->findChildren<QLabel*>();
    return std::any_of(labels.begin(), labels.end(),
        [&widget](const QLabel* label) { return label->buddy() == &widget; });
}

/// Widgets a person can put the focus on; the inner parts of boxes belong to the box.
std::vector<QWidget*> inputsOf(const QWidget& page)
{
    std::vector<QWidget*> inputs;
    const auto all = page.findChildren<QWidget*>();
    for (auto* widget : all) {
        const bool isPart = qobject_cast<QComboBox*>(widget->parentWidget()) != nullptr
            || qobject_cast<QAbstractSpinBox*>(widget->parentWidget()) != nullptr;
        const bool isScroller = widget->metaObject()->className() == "QScrollArea"_ba;
        if (widget->isVisible() && widget->isEnabled() && !isPart && !isScroller
            && widget->focusProxy() == nullptr && (widget->focusPolicy() & Qt::TabFocus) != 0) {
            inputs.push_back(widget);
        }
    }
    return inputs;
}

QString describeWidget(const QWidget& widget)
{
    QString chain;
    for (const QWidget* at = &widget; at != nullptr; at = at->parentWidget()) {
        chain = QString::fromLatin1(at->metaObject()->className()) + u'(' + at->objectName()
            + u") "_s + chain;
    }
    return chain;
}

} // namespace

class TstAccessibility : public QObject
{
    Q_OBJECT

private slots:
    void everyInputHasAName_data();
    void everyInputHasAName();
    void tabReachesEveryInput_data();
    void tabReachesEveryInput();
    void everyPageWorksInAnotherLanguage();
    void everyPageWorksFromRightToLeft();

private:
    static void addPages();
};

void TstAccessibility::addPages()
{
    QTest::addColumn<QString>("page");
    QTest::addColumn<bool>("filled");
    for (const auto& entry : pageList()) {
        QTest::addRow("%s, empty", qPrintable(entry.id)) << entry.id << false;
        QTest::addRow("%s, filled", qPrintable(entry.id)) << entry.id << true;
    }
}

void TstAccessibility::everyInputHasAName_data()
{
    addPages();
}

void TstAccessibility::everyInputHasAName()
{
    QFETCH(const QString, page);
    QFETCH(const bool, filled);
    test::WindowFixture fixture;
    QVERIFY(fixture.show());
    QVERIFY(!filled || !fixture.addSample(50).isEmpty());

    fixture.window().showPage(page);
    QCoreApplication::processEvents();

    for (const auto* input : inputsOf(fixture.window())) {
        QVERIFY2(hasName(*input), qPrintable(describeWidget(*input)));
    }
}

void TstAccessibility::tabReachesEveryInput_data()
{
    addPages();
}

void TstAccessibility::tabReachesEveryInput()
{
    QFETCH(const QString, page);
    QFETCH(const bool, filled);
    test::WindowFixture fixture;
    QVERIFY(fixture.show());
    QVERIFY(QTest::qWaitForWindowActive(&fixture.window()));
    QVERIFY(!filled || !fixture.addSample(50).isEmpty());
    fixture.window().showPage(page);
    QCoreApplication::processEvents();
    const auto inputs = inputsOf(*fixture.window().page(page));

    std::vector<const QWidget*> visited;
    const std::size_t presses = inputsOf(fixture.window()).size() * 2 + 10;
    for (std::size_t press = 0; press < presses; ++press) {
        QTest::keyClick(&fixture.window(), Qt::Key_Tab);
        visited.push_back(QApplication::focusWidget());
    }

    for (const auto* input : inputs) {
        const bool isRadio = input->inherits("QRadioButton"); // one of a group takes Tab
        QVERIFY2(isRadio || std::find(visited.begin(), visited.end(), input) != visited.end(),
            qPrintable(describeWidget(*input)));
    }
}

void TstAccessibility::everyPageWorksInAnotherLanguage()
{
    PseudoLanguage language;
    QCoreApplication::installTranslator(&language);
    test::WindowFixture fixture;
    QVERIFY(fixture.show());
    QVERIFY(!fixture.addSample(50).isEmpty());

    for (const auto& entry : pageList()) {
        fixture.window().showPage(entry.id);
        QCoreApplication::processEvents();
        QVERIFY(entry.title.startsWith(u'['));
        const auto buttons = fixture.window().page(entry.id)->findChildren<QAbstractButton*>();
        for (const auto* button : buttons) {
            if (button->isVisible() && !button->text().isEmpty()) {
                QVERIFY2(button->width() >= button->minimumSizeHint().width(),
                    qPrintable(describeWidget(*button)));
            }
        }
    }
    QCoreApplication::removeTranslator(&language);
}

void TstAccessibility::everyPageWorksFromRightToLeft()
{
    QApplication::setLayoutDirection(Qt::RightToLeft);
    test::WindowFixture fixture;
    QVERIFY(fixture.show());
    QVERIFY(!fixture.addSample(50).isEmpty());

    for (const auto& entry : pageList()) {
        fixture.window().showPage(entry.id);
        QVERIFY(!fixture.window().grab().isNull());
    }
    const auto* navigation = fixture.window().findChild<QWidget*>(u"navigation"_s);
    QCOMPARE_GT(navigation->mapTo(&fixture.window(), QPoint()).x(), fixture.window().width() / 2);
    QApplication::setLayoutDirection(Qt::LeftToRight);
}

static const bool kAccessibilityRegistered
    = test::registerTestClass<TstAccessibility>("accessibility");

} // namespace portreeve

#include "tst_accessibility.moc"
