// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/databroker/devicerecords.h"
#include "tests/pages/desk.h"
#include "tests/pages/madeupview.h"
#include "tests/support/databrokerdouble.h"
#include "tests/support/madeupdevices.h"
#include "tests/support/testregistry.h"
#include "tests/ui/keyboard.h"
#include "tests/ui/modaldriver.h"
#include "ui/pages/devices/devicespage.h"
#include "ui/pages/devices/linksdialog.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/tableview.h"

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDesktopServices>
#include <QFile>
#include <QFileDialog>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>
#include <QTest>
#include <QUrl>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

/// "New enrollment" and the links it makes.
class TstEnrollmentDialogs : public QObject
{
    Q_OBJECT

public slots:

    void takeMail(const QUrl& url) { m_mail = url; }

private slots:
    void init();
    void cleanup();
    void bothDialogsNeedNoMouse();
    void aPastedListAddsEverybody();
    void theNoteSpeaksOfWhatIsTyped();
    void theMembersOfAGroupAreAddedAndTakenOut();
    void aLinkIsShownAgainAndRenewed();
    void case4ARedirectIsCheckedAsItIsTyped();
    void case13ATypeOfTheProxyIsOffered();
    void case24AHostWithoutARouteIsRefused();
    void aLinkIsValidAsLongAsOneSays();
    void closingUncopiedLinksAsksOnce();
    void allLinksAreCopiedAtOnce();
    void copyingOneOfSeveralLeavesTheQuestion();
    void peopleOfOneNameAreToldApart();
    void aLinkIsShownAsACode();
    void aLinkIsMailedToItsPerson();
    void linksAreSavedForTheirOwnerOnly();

private:
    /// The page with a proxy that can enroll, and a directory of some people.
    bool open(const test::Listing& people);
    void withNewEnrollment(const std::function<void(QDialog& dialog)>& act);
    QString madeLink(); ///< of the links dialog that comes up, which is then closed
    static bool hasChosen(const QDialog& dialog, int count);
    static bool choosePerson(QDialog& dialog);

    /// @param name  of each; %1 stands for their number
    QPointer<LinksDialog> showLinks(int count, const QString& name = u"Person %1"_s);
    bool answersQuestion(LinksDialog& links, bool isConfirmed, QString* text = nullptr);

    std::unique_ptr<test::DatabrokerDouble> m_proxy;
    std::unique_ptr<test::Desk> m_desk;
    std::unique_ptr<DevicesPage> m_page;
    QUrl m_mail;
};

void TstEnrollmentDialogs::init()
{
    m_proxy = std::make_unique<test::DatabrokerDouble>();
    m_desk = std::make_unique<test::Desk>();
    m_proxy->setClockAhead(m_desk->clockAhead());
    m_page = std::make_unique<DevicesPage>(m_desk->context(), nullptr);
    m_page->resize(1200, 900);
    m_page->show();
    QGuiApplication::clipboard()->clear();
}

void TstEnrollmentDialogs::cleanup()
{
    m_page.reset();
    m_desk.reset();
    m_proxy.reset();
}

bool TstEnrollmentDialogs::open(const test::Listing& people)
{
    const QString connection = m_desk->addConnection(u"Staff"_s);
    m_desk->provider().answer(people);
    const auto saved = m_desk->inStore([](Store& store) {
        return store.policies().save(StoredRoute { .name = u"App"_s,
            .from = u"https://app.example.org"_s,
            .to = { u"http://127.0.0.1:8080"_s } });
    });
    if (!saved || !m_desk->sync(connection)) {
        return false;
    }
    m_desk->addTarget(u"Office"_s, { { u"address"_s, m_proxy->endpoint().address() } },
        QString::fromLatin1(test::DatabrokerDouble::secret().toBase64()));
    m_desk->context().targets.refresh();
    return QTest::qWaitFor(
        [this] { return m_page->findChild<QPushButton*>(u"newEnrollment"_s)->isEnabled(); },
        test::kPatienceMs);
}

void TstEnrollmentDialogs::withNewEnrollment(const std::function<void(QDialog& dialog)>& act)
{
    QVERIFY(test::pressByKeyboard(*m_page, u"newEnrollment"_s));
    QVERIFY(test::answerDialog(*m_page, u"newEnrollmentDialog"_s, act));
}

QString TstEnrollmentDialogs::madeLink()
{
    QString url;
    test::answerDialog(*m_page, u"linksDialog"_s, [&url](QDialog& dialog) {
        url = dialog.findChild<QPlainTextEdit*>(u"linkText"_s)->toPlainText();
        test::pressByKeyboard(dialog, u"copyLink"_s);
        QTest::keyClick(&dialog, Qt::Key_Escape);
    });
    const bool isClosed = QTest::qWaitFor(
        [this] { return m_page->findChild<QDialog*>(u"linksDialog"_s) == nullptr; },
        test::kPatienceMs);
    return isClosed ? url : QString();
}

bool TstEnrollmentDialogs::hasChosen(const QDialog& dialog, int count)
{
    const auto* chosen = dialog.findChild<QListWidget*>(u"peopleChosen"_s);
    return QTest::qWaitFor([&] { return chosen->count() == count; }, test::kPatienceMs);
}

bool TstEnrollmentDialogs::choosePerson(QDialog& dialog)
{
    auto* search = dialog.findChild<QWidget*>(u"peopleSearch"_s);
    auto* hits = dialog.findChild<QListWidget*>(u"peopleHits"_s);
    if (!QTest::qWaitForWindowActive(&dialog)) {
        return false;
    }
    QTest::keyClicks(search, u"u001"_s);
    const bool isFound = QTest::qWaitFor([hits] { return hits->count() == 1; }, test::kPatienceMs);
    QTest::keyClick(search, Qt::Key_Return);
    return isFound && hasChosen(dialog, 1);
}

QPointer<LinksDialog> TstEnrollmentDialogs::showLinks(int count, const QString& name)
{
    devices::IssuedLinks issued;
    for (int i = 0; i < count; ++i) {
        const QString number = QString::number(i);
        issued.links.push_back({ .link = { .enrollmentId = u"e-"_s + number,
                                     .userId = u"u-"_s + number,
                                     .userName = QString(name).replace(u"%1"_s, number),
                                     .host = u"app.example.org"_s,
                                     .expiresAt = m_desk->now() + std::chrono::hours(24) },
            .email = u"person%1@example.org"_s.arg(number),
            .url = u"https://app.example.org/.pomerium/webauthn?n="_s + number,
            .knownToProxy = true });
    }
    const AppContext context = m_desk->context();
    auto* dialog = new LinksDialog(issued, context.clock, context.workers, m_page.get());
    dialog->open();
    return dialog;
}

bool TstEnrollmentDialogs::answersQuestion(LinksDialog& links, bool isConfirmed, QString* text)
{
    QTest::keyClick(&links, Qt::Key_Escape);
    const bool came = test::answerDialog(*m_page, u"confirmDialog"_s, [&](QDialog& dialog) {
        if (text != nullptr) {
            *text = dialog.findChild<QLabel*>(u"confirmText"_s)->text();
        }
        if (isConfirmed) {
            test::pressByKeyboard(dialog, u"confirmButton"_s);
        } else {
            QTest::keyClick(&dialog, Qt::Key_Escape);
        }
    });
    return came
        && QTest::qWaitFor(
            [this] { return m_page->findChild<QDialog*>(u"confirmDialog"_s) == nullptr; },
            test::kPatienceMs);
}

void TstEnrollmentDialogs::bothDialogsNeedNoMouse()
{
    QVERIFY(open(test::crowd(3)));

    withNewEnrollment([](QDialog& dialog) {
        auto* search = dialog.findChild<QWidget*>(u"peopleSearch"_s);
        auto* hits = dialog.findChild<QListWidget*>(u"peopleHits"_s);
        QVERIFY(QTest::qWaitForWindowActive(&dialog));
        QTRY_COMPARE(QApplication::focusWidget(), search); // ready to type
        QTest::keyClicks(search, u"u00"_s);
        QTRY_COMPARE(hits->count(), 3);
        QTest::keyClick(search, Qt::Key_Down);
        QCOMPARE(QApplication::focusWidget(), hits);
        QTest::keyClick(hits, Qt::Key_Down);
        QTest::keyClick(hits, Qt::Key_Return);
        QVERIFY(hasChosen(dialog, 1));
        for (const auto* name : { "enrollmentHost", "redirectKind", "deviceType", "validFor" }) {
            QVERIFY2(test::tabTo(dialog, QString::fromLatin1(name)), name);
        }
        QVERIFY(test::pressByKeyboard(dialog, u"approveOnEnrollment"_s));
        QVERIFY(!dialog.findChild<QCheckBox*>(u"approveOnEnrollment"_s)->isChecked());
        QVERIFY(test::pressByKeyboard(dialog, u"createEnrollment"_s));
    });

    const QString url = madeLink();
    QVERIFY(url.startsWith(u"https://app.example.org/.pomerium/webauthn?"_s));
    QCOMPARE(QGuiApplication::clipboard()->text(), url);
    const auto records = m_proxy->records(recordtype::kEnrollment);
    QCOMPARE(records.size(), 1U);
    QCOMPARE(enrollmentData(records.front())->userId, u"u001"_s);
    QCOMPARE(enrollmentData(records.front())->approvedBy, QString());
}

void TstEnrollmentDialogs::aPastedListAddsEverybody()
{
    QVERIFY(open(test::crowd(4)));
    QGuiApplication::clipboard()->setText(
        u"u000@example.com, u002@example.com;u003\nghost@example.com"_s);

    withNewEnrollment([](QDialog& dialog) {
        auto* search = dialog.findChild<QWidget*>(u"peopleSearch"_s);
        QTRY_VERIFY(search->hasFocus());
        QTest::keyClick(search, Qt::Key_V, Qt::ControlModifier);
        QTest::keyClick(search, Qt::Key_Return);
        QVERIFY(hasChosen(dialog, 3));
        const auto labels = dialog.findChildren<QLabel*>();
        QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
            return label->text() == u"Not in the directory: ghost@example.com";
        }));
        QVERIFY(dialog.findChild<QLabel*>(u"enrollmentPreview"_s)->text().contains(u"3 link"));
        dialog.reject();
    });
    QVERIFY(m_proxy->records(recordtype::kEnrollment).empty());
}

void TstEnrollmentDialogs::theNoteSpeaksOfWhatIsTyped()
{
    QVERIFY(open(test::crowd(2)));
    withNewEnrollment([](QDialog& dialog) {
        auto* search = dialog.findChild<QLineEdit*>(u"peopleSearch"_s);
        const auto says = [&dialog](const QString& text) {
            const auto labels = dialog.findChildren<QLabel*>();
            return std::any_of(labels.begin(), labels.end(), [&text](const auto* label) {
                return label->isVisible() && label->text().contains(text);
            });
        };
        QTRY_VERIFY(says(u"Type a part"_s));
        QVERIFY(QTest::qWaitForWindowActive(&dialog));
        QTest::keyClicks(search, u"zzz"_s);
        QTRY_VERIFY(says(u"Nobody matches"_s));

        search->clear();

        QVERIFY(!says(u"Nobody matches"_s));
        QVERIFY(says(u"Type a part"_s));
    });
}

void TstEnrollmentDialogs::theMembersOfAGroupAreAddedAndTakenOut()
{
    test::Listing people = test::crowd(4);
    people.userOf(u"u003"_s).state = UserState::Suspended;
    QVERIFY(open(people));

    withNewEnrollment([](QDialog& dialog) {
        auto* search = dialog.findChild<QWidget*>(u"peopleSearch"_s);
        auto* hits = dialog.findChild<QListWidget*>(u"peopleHits"_s);
        QVERIFY(QTest::qWaitForWindowActive(&dialog));
        QTest::keyClicks(search, u"everyone"_s);
        QTRY_COMPARE(hits->count(), 1);
        QVERIFY(hits->item(0)->text().startsWith(u"Members of everyone"));
        QTest::keyClick(search, Qt::Key_Return);
        QVERIFY(hasChosen(dialog, 3)); // nobody who is suspended
        auto* chosen = dialog.findChild<QListWidget*>(u"peopleChosen"_s);
        QVERIFY(test::tabTo(dialog, chosen));
        QTest::keyClick(chosen, Qt::Key_Home);
        QTest::keyClick(chosen, Qt::Key_Space);
        QVERIFY(test::pressByKeyboard(dialog, u"takeOut"_s));
        QVERIFY(hasChosen(dialog, 2));
        QVERIFY(test::pressByKeyboard(dialog, u"createEnrollment"_s));
    });

    QVERIFY(test::answerDialog(*m_page, u"linksDialog"_s, [](QDialog& dialog) {
        QCOMPARE(dialog.findChild<QListWidget*>(u"linkPeople"_s)->count(), 2);
        QVERIFY(test::pressByKeyboard(dialog, u"copyAll"_s));
        QTest::keyClick(&dialog, Qt::Key_Escape);
    }));
    QCOMPARE(m_proxy->records(recordtype::kEnrollment).size(), 2U);
}

void TstEnrollmentDialogs::aLinkIsShownAgainAndRenewed()
{
    QVERIFY(open(test::crowd(2)));
    withNewEnrollment([](QDialog& dialog) {
        auto* search = dialog.findChild<QWidget*>(u"peopleSearch"_s);
        QVERIFY(QTest::qWaitForWindowActive(&dialog));
        QTest::keyClicks(search, u"u001"_s);
        QTRY_COMPARE(dialog.findChild<QListWidget*>(u"peopleHits"_s)->count(), 1);
        QTest::keyClick(search, Qt::Key_Return);
        QVERIFY(test::pressByKeyboard(dialog, u"createEnrollment"_s));
    });
    const QString first = madeLink();
    QVERIFY(!first.isEmpty());
    auto* table = m_page->findChild<TableView*>(u"devices"_s);
    QTRY_COMPARE(table->model()->rowCount(), 1);
    table->selectRow(0);

    QVERIFY(test::pressByKeyboard(*m_page, u"showLink"_s));
    QCOMPARE(madeLink(), first);

    table->selectRow(0);
    QVERIFY(test::pressByKeyboard(*m_page, u"renewLink"_s));
    const QString second = madeLink();
    QVERIFY(second.startsWith(u"https://app.example.org/.pomerium/webauthn?"_s));
}

void TstEnrollmentDialogs::case4ARedirectIsCheckedAsItIsTyped()
{
    QVERIFY(open(test::crowd(2)));
    withNewEnrollment([](QDialog& dialog) {
        QVERIFY(choosePerson(dialog));
        auto* create = dialog.findChild<QPushButton*>(u"createEnrollment"_s);
        auto* preview = dialog.findChild<QLabel*>(u"enrollmentPreview"_s);
        auto* redirect = dialog.findChild<QLineEdit*>(u"redirectUrl"_s);
        auto* addScheme = dialog.findChild<QPushButton*>(u"addScheme"_s);
        auto* allowHttp = dialog.findChild<QCheckBox*>(u"allowHttp"_s);
        QVERIFY(!redirect->isVisible());
        QVERIFY(test::tabTo(dialog, u"redirectKind"_s));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_End);
        const auto type = [&](const QString& text) {
            QVERIFY(test::typeByKeyboard(dialog, u"redirectUrl"_s, text));
        };

        type(u"app.example.org/x"_s);
        QVERIFY(!create->isEnabled());
        QVERIFY2(
            preview->text().contains(u"https://app.example.org/x"_s), qPrintable(preview->text()));
        QVERIFY(test::pressByKeyboard(dialog, addScheme));
        QCOMPARE(redirect->text(), u"https://app.example.org/x"_s);
        QVERIFY(!addScheme->isVisible());
        QVERIFY(create->isEnabled());

        type(u"javascript:alert(1)"_s);
        QVERIFY(!create->isEnabled());
        QVERIFY(!addScheme->isVisible() && !allowHttp->isVisible());
        QVERIFY2(preview->text().contains(u"javascript"_s), qPrintable(preview->text()));

        type(u"https://elsewhere.example.net/"_s); // may lead away from the proxy
        QVERIFY(create->isEnabled());

        type(u"http://app.example.org/x"_s);
        QVERIFY(!create->isEnabled());
        QVERIFY(test::pressByKeyboard(dialog, allowHttp));
        QVERIFY(test::pressByKeyboard(dialog, create));
    });
    const QString url = madeLink();
    QVERIFY2(url.contains(u"redirect_uri=http%3A%2F%2Fapp.example.org%2Fx"_s), qPrintable(url));
}

void TstEnrollmentDialogs::case13ATypeOfTheProxyIsOffered()
{
    m_proxy->write({ test::typeRecord(u"corp_key"_s, u"Corporate key"_s) });
    QVERIFY(open(test::crowd(2)));
    withNewEnrollment([](QDialog& dialog) {
        QVERIFY(choosePerson(dialog));
        auto* types = dialog.findChild<QComboBox*>(u"deviceType"_s);
        QVERIFY(test::tabTo(dialog, types));
        QTest::keyClicks(types, u"Corp"_s);
        QVERIFY2(
            types->currentText().contains(u"Corporate key"_s), qPrintable(types->currentText()));
        QVERIFY(test::pressByKeyboard(dialog, u"createEnrollment"_s));
    });
    QVERIFY(madeLink().contains(u"pomerium_device_type=corp_key"_s));
}

void TstEnrollmentDialogs::case24AHostWithoutARouteIsRefused()
{
    QVERIFY(open(test::crowd(2)));
    withNewEnrollment([](QDialog& dialog) {
        QVERIFY(choosePerson(dialog));
        auto* create = dialog.findChild<QPushButton*>(u"createEnrollment"_s);
        auto* preview = dialog.findChild<QLabel*>(u"enrollmentPreview"_s);
        QVERIFY(create->isEnabled());

        QVERIFY(test::typeByKeyboard(dialog, u"enrollmentHost"_s, u"mail.example.net"_s));

        QVERIFY(!create->isEnabled());
        QVERIFY2(preview->text().contains(u"No route of this proxy leads to mail.example.net"_s),
            qPrintable(preview->text()));
        dialog.reject();
    });
    QVERIFY(m_proxy->records(recordtype::kEnrollment).empty());
}

void TstEnrollmentDialogs::aLinkIsValidAsLongAsOneSays()
{
    QVERIFY(open(test::crowd(2)));
    withNewEnrollment([](QDialog& dialog) {
        QVERIFY(choosePerson(dialog));
        auto* create = dialog.findChild<QPushButton*>(u"createEnrollment"_s);
        auto* preview = dialog.findChild<QLabel*>(u"enrollmentPreview"_s);
        QVERIFY(!dialog.findChild<QLineEdit*>(u"ownValidity"_s)->isVisible());
        QVERIFY(test::tabTo(dialog, u"validFor"_s));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_End);

        for (const auto& wrong : { u"91d"_s, u"soon"_s, u"0"_s }) {
            QVERIFY(test::typeByKeyboard(dialog, u"ownValidity"_s, wrong));
            QVERIFY2(!create->isEnabled(), qPrintable(wrong));
            QVERIFY2(!preview->text().contains(u"until"_s), qPrintable(preview->text()));
        }
        QVERIFY(test::typeByKeyboard(dialog, u"ownValidity"_s, u"1h30m"_s));
        QVERIFY(test::pressByKeyboard(dialog, create));
    });
    QVERIFY(!madeLink().isEmpty());
    const auto links = m_desk->inStore([](Store& store) -> Result<std::vector<DeviceLink>> {
        const auto targets = store.targets().list();
        return targets ? store.deviceLinks().list(targets->front().id) : targets.error();
    });
    QCOMPARE(links->size(), 1U);
    const auto validity = links->front().expiresAt - links->front().issuedAt;
    QCOMPARE(std::chrono::floor<std::chrono::minutes>(validity), std::chrono::minutes(90));
}

void TstEnrollmentDialogs::closingUncopiedLinksAsksOnce()
{
    const auto links = showLinks(1);
    QVERIFY(!links->findChild<QPushButton*>(u"copyAll"_s)->isVisible()); // there is but one

    QVERIFY(answersQuestion(*links, false));

    QVERIFY(links && links->isVisible());
    QVERIFY(answersQuestion(*links, true));
    QTRY_VERIFY(links.isNull());
}

void TstEnrollmentDialogs::allLinksAreCopiedAtOnce()
{
    const auto links = showLinks(3);
    QCOMPARE(links->windowTitle().section(u' ', 0, 0), u"3"_s);

    QVERIFY(test::pressByKeyboard(*links, u"copyAll"_s));

    const QString text = QGuiApplication::clipboard()->text();
    QCOMPARE(text.count(u"/.pomerium/webauthn?n="_s), 3);
    QVERIFY(text.contains(u"person2@example.org"_s));
    QTest::keyClick(links.data(), Qt::Key_Escape);
    QTRY_VERIFY(links.isNull()); // nothing is left to ask about
}

void TstEnrollmentDialogs::copyingOneOfSeveralLeavesTheQuestion()
{
    const auto links = showLinks(3);
    QVERIFY(test::pressByKeyboard(*links, u"copyLink"_s));
    QVERIFY(QGuiApplication::clipboard()->text().endsWith(u"n=0"_s));

    QString question;
    QVERIFY(answersQuestion(*links, false, &question));

    QVERIFY(question.contains(u"2 links"_s) || question.contains(u"2 link(s)"_s));
    auto* people = links->findChild<QListWidget*>(u"linkPeople"_s);
    for (int row = 1; row < 3; ++row) {
        QVERIFY(test::tabTo(*links, people));
        QTest::keyClick(people, Qt::Key_Down);
        QVERIFY(test::pressByKeyboard(*links, u"copyLink"_s));
        QVERIFY(QGuiApplication::clipboard()->text().endsWith(u"n="_s + QString::number(row)));
    }
    QTest::keyClick(links.data(), Qt::Key_Escape);
    QTRY_VERIFY(links.isNull());
}

void TstEnrollmentDialogs::peopleOfOneNameAreToldApart()
{
    const auto links = showLinks(2, u"Anna Schmidt"_s);
    const auto* people = links->findChild<QListWidget*>(u"linkPeople"_s);

    QCOMPARE(people->item(0)->text(), u"Anna Schmidt (person0@example.org)"_s);
    QCOMPARE(people->item(1)->text(), u"Anna Schmidt (person1@example.org)"_s);
    QVERIFY(test::pressByKeyboard(*links, u"copyLink"_s));
    QVERIFY(links->findChild<MessageBar*>()->text().contains(u"person0@example.org"_s));
    QVERIFY(test::pressByKeyboard(*links, u"copyAll"_s)); // so that nothing is asked at the end
    QTest::keyClick(links, Qt::Key_Escape);
    QTRY_VERIFY(links.isNull());
}

void TstEnrollmentDialogs::aLinkIsShownAsACode()
{
    const auto links = showLinks(1);
    auto* code = links->findChild<QWidget*>(u"qrView"_s);
    QVERIFY(!code->isVisible());

    QVERIFY(test::pressByKeyboard(*links, u"showCode"_s));

    QVERIFY(code->isVisible());
    QVERIFY(code->sizeHint().width() > 0);
    QTest::keyClick(links.data(), Qt::Key_Escape);
    QTRY_VERIFY(links.isNull()); // somebody may have scanned it
}

void TstEnrollmentDialogs::aLinkIsMailedToItsPerson()
{
    QDesktopServices::setUrlHandler(u"mailto"_s, this, "takeMail");
    const auto links = showLinks(1);

    QVERIFY(test::pressByKeyboard(*links, u"mailLink"_s));

    QDesktopServices::unsetUrlHandler(u"mailto"_s);
    QCOMPARE(m_mail.scheme(), u"mailto"_s);
    QCOMPARE(m_mail.path(), u"person0@example.org"_s);
    const QString body = m_mail.query(QUrl::FullyDecoded);
    QVERIFY(body.contains(u"https://app.example.org/.pomerium/webauthn?n=0"_s));
    QTest::keyClick(links.data(), Qt::Key_Escape);
    QTRY_VERIFY(links.isNull());
}

void TstEnrollmentDialogs::linksAreSavedForTheirOwnerOnly()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"links.csv"_s);
    const auto links = showLinks(2);
    QVERIFY(test::pressByKeyboard(*links, u"saveLinks"_s));

    auto* dialog = links->findChild<QFileDialog*>();
    QVERIFY(dialog != nullptr);
    dialog->selectFile(path);
    static_cast<QDialog*>(dialog)->accept();

    auto* message = links->findChild<MessageBar*>();
    QTRY_VERIFY(message->text().contains(path));
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll().count("/.pomerium/webauthn?n="), 2);
    const auto others = QFileDevice::ReadGroup | QFileDevice::ReadOther | QFileDevice::WriteGroup
        | QFileDevice::WriteOther;
    QVERIFY(!(file.permissions() & others));
    QTest::keyClick(links.data(), Qt::Key_Escape);
    QTRY_VERIFY(links.isNull());
}

static const bool kEnrollmentDialogsRegistered
    = test::registerTestClass<TstEnrollmentDialogs>("enrollmentdialogs");

} // namespace portreeve

#include "tst_enrollmentdialogs.moc"
