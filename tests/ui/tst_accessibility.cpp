// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/connectors/registry.h"
#include "tests/support/testregistry.h"
#include "tests/ui/filledwindow.h"
#include "tests/ui/inputs.h"

#include <QAbstractButton>
#include <QApplication>
#include <QTabWidget>
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

} // namespace

class TstAccessibility : public QObject
{
    Q_OBJECT

private slots:
    void everyInputHasAName_data();
    void everyInputHasAName();
    void noLetterIsTwiceOnAPage_data();
    void noLetterIsTwiceOnAPage();
    void tabReachesEveryInputInReadingOrder_data();
    void tabReachesEveryInputInReadingOrder();
    void everyPageWorksInAnotherLanguage();
    void everyPageWorksFromRightToLeft();

private:
    static void addPages();
    static bool showsIt(
        test::FilledWindow& full, const QString& page, bool filled, const QString& view);
};

void TstAccessibility::addPages()
{
    QTest::addColumn<QString>("page");
    QTest::addColumn<bool>("filled");
    QTest::addColumn<QString>("view"); // what opens there by a link
    for (const auto& entry : pageList()) {
        QTest::addRow("%s, empty", qPrintable(entry.id)) << entry.id << false << QString();
        QTest::addRow("%s, filled", qPrintable(entry.id)) << entry.id << true << QString();
    }
    const auto view = [](const QString& page, const QString& name) {
        QTest::addRow("%s, %s", qPrintable(page), qPrintable(name)) << page << true << name;
    };
    view(u"directory"_s, u"user"_s);
    view(u"directory"_s, u"group"_s);
    view(u"history"_s, u"run"_s);
    view(u"policies"_s, u"route"_s);
    view(u"providers"_s, u"add"_s);
    for (const auto& connector : connectorRegistry()) {
        view(u"providers"_s, u"add:"_s + connector.id);
    }
}

bool TstAccessibility::showsIt(
    test::FilledWindow& full, const QString& page, bool filled, const QString& view)
{
    if (!(filled ? full.fill() : full.fixture.show())) {
        return false;
    }
    if (!filled) {
        full.fixture.window().showPage(page);
    } else if (!(view.isEmpty() ? full.showPage(page) : full.showView(page, view))) {
        return false;
    }
    QCoreApplication::processEvents();
    return true;
}

void TstAccessibility::everyInputHasAName_data()
{
    addPages();
}

void TstAccessibility::everyInputHasAName()
{
    QFETCH(const QString, page);
    QFETCH(const bool, filled);
    QFETCH(const QString, view);
    test::FilledWindow full;
    QVERIFY(showsIt(full, page, filled, view));

    const QStringList nameless = test::namelessInputs(full.fixture.window());
    QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(u'\n')));
}

void TstAccessibility::noLetterIsTwiceOnAPage_data()
{
    QTest::addColumn<QString>("page");
    QTest::addColumn<bool>("filled");
    for (const auto& entry : pageList()) {
        if (entry.id == u"proxy" || entry.id == u"devices") {
            continue; // have more to press than there are letters
        }
        QTest::addRow("%s, empty", qPrintable(entry.id)) << entry.id << false;
        QTest::addRow("%s, filled", qPrintable(entry.id)) << entry.id << true;
    }
}

void TstAccessibility::noLetterIsTwiceOnAPage()
{
    QFETCH(const QString, page);
    QFETCH(const bool, filled);
    test::FilledWindow full;
    QVERIFY(filled ? full.fill() && full.showPage(page) : full.fixture.show());
    MainWindow& window = full.fixture.window();
    window.showPage(page);
    QCoreApplication::processEvents();

    const auto sharedNow = [&window] {
        const QStringList shared = test::sharedLetters(window);
        return shared.isEmpty() ? QByteArray() : shared.join(u"; "_s).toUtf8();
    };
    QCOMPARE(sharedNow(), QByteArray());
    for (auto* tabs : window.page(page)->findChildren<QTabWidget*>()) {
        for (int tab = 0; tabs->isVisible() && tab < tabs->count(); ++tab) {
            tabs->setCurrentIndex(tab);
            QCoreApplication::processEvents();
            QCOMPARE(sharedNow(), QByteArray());
        }
    }
}

void TstAccessibility::tabReachesEveryInputInReadingOrder_data()
{
    addPages();
}

void TstAccessibility::tabReachesEveryInputInReadingOrder()
{
    QFETCH(const QString, page);
    QFETCH(const bool, filled);
    QFETCH(const QString, view);
    test::FilledWindow full;
    QVERIFY(showsIt(full, page, filled, view));
    MainWindow& window = full.fixture.window();
    QVERIFY(QTest::qWaitForWindowActive(&window));

    const QStringList problems = test::tabProblems(window, *window.page(page));
    QVERIFY2(problems.isEmpty(), qPrintable(problems.join(u'\n')));
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
                    qPrintable(test::describeWidget(*button)));
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
