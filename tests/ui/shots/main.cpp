// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

// The real window on made-up people and a proxy of this process: every page, empty and filled,
// light and dark, and every dialog, as PNG files to look at. --help lists what can be varied;
// QT_SCALE_FACTOR=2 gives the pictures for dense screens.

#include "core/proxy/databroker/devicerecords.h"
#include "core/proxy/databroker/directorycodec.h"
#include "tests/support/configservicedouble.h"
#include "tests/ui/filledwindow.h"
#include "ui/shell/actionregistry.h"
#include "ui/theme/outlinedstyle.h"
#include "ui/widgets/tableview.h"

#include <QAbstractButton>
#include <QApplication>
#include <QComboBox>
#include <QCommandLineParser>
#include <QDialog>
#include <QDir>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QTabBar>
#include <QTabWidget>
#include <QTest>
#include <QTranslator>

#include <cstdio>

using namespace Qt::StringLiterals;
using namespace portreeve;

namespace {

struct Wishes
{
    QDir folder;
    int people = 5000;
    int devices = 200;
    QSize size { 1280, 800 };
    bool hasLongTexts = false;
};

class Tour
{
public:
    explicit Tour(const Wishes& wishes)
        : m_wishes(wishes)
    {
    }

    int run();

private:
    void take(QWidget& widget, const QString& name) const;
    void takeBoth(QWidget& widget, const QString& name) const;

    void takeBoth(const QString& name) { takeBoth(m_fixture.window(), name); }

    void takePages(const QString& kind);
    void takeDialog(const QString& name) const;
    bool addProxy();
    bool addPolicies();
    bool letSupportIn();
    void loseLinks();
    void takeDirectory();
    void takeChanges();
    void takePolicies();
    void takeProxy();
    void takeDelivery();
    void takeAttaching();
    void takeDevices();
    void takeNewEnrollment();
    void takeLostLinks();
    void takeShell();
    void takeWizard();

    template <typename Widget> Widget* find(const QString& name) const
    {
        for (auto* found : m_fixture.window().findChildren<Widget*>(name)) {
            if (found->isVisible()) {
                return found; // the outermost one comes first
            }
        }
        std::fprintf(stderr, "no %s in view\n", qPrintable(name));
        return nullptr;
    }

    void click(const QString& name) const;
    void showTab(const QString& tabs, int index) const;
    void waitForProxy() const;
    void choose(const QString& table, int line) const;
    void write(const QString& field, const QString& text) const;
    void waitForRuns() const;
    bool setOptions(const QHash<QString, QString>& options);
    QString longer(const QString& text, const QString& more) const;

    Wishes m_wishes;
    mutable test::WindowFixture m_fixture;
    test::DatabrokerDouble m_proxy;
    test::ConfigServiceDouble m_configService { test::DatabrokerDouble::secret(),
        m_fixture.context().clock };
    QString m_connection;
};

void settle()
{
    constexpr int enoughMs = 400; // for answers of the store; pictures are looked at, not compared
    QTest::qWait(enoughMs);
}

void Tour::take(QWidget& widget, const QString& name) const
{
    settle();
    const QString file = m_wishes.folder.filePath(name + u".png"_s);
    widget.grab().save(file);
    std::printf("%s\n", qPrintable(file));
}

void Tour::takeBoth(QWidget& widget, const QString& name) const
{
    for (const auto scheme : { theme::Scheme::Dark, theme::Scheme::Light }) {
        theme::apply(scheme);
        take(widget, name + u'-' + theme::schemeName(scheme));
    }
}

void Tour::takePages(const QString& kind)
{
    for (const auto& entry : pageList()) {
        QElapsedTimer timer;
        timer.start();
        m_fixture.window().showPage(entry.id);
        QApplication::processEvents();
        std::printf("%s in %lld ms\n", qPrintable(entry.id), timer.elapsed());
        takeBoth(entry.id + u'-' + kind);
    }
}

/// The dialog in front, which is closed again.
void Tour::takeDialog(const QString& name) const
{
    settle();
    if (auto* dialog = QApplication::activeModalWidget()) {
        takeBoth(*dialog, name);
        dialog->close();
    } else {
        std::fprintf(stderr, "no dialog for %s\n", qPrintable(name));
    }
}

void Tour::click(const QString& name) const
{
    if (auto* button = find<QAbstractButton>(name)) {
        QTest::mouseClick(button, Qt::LeftButton);
        settle();
    }
}

void Tour::showTab(const QString& tabs, int index) const
{
    if (auto* widget = find<QTabWidget>(tabs)) {
        widget->setCurrentIndex(index);
        settle();
    }
}

void Tour::choose(const QString& table, int line) const
{
    if (auto* view = find<TableView>(table)) {
        view->setCurrentIndex(view->model()->index(line, 0));
        settle();
    }
}

void Tour::waitForRuns() const
{
    constexpr int longestMs = 60'000;
    if (!QTest::qWaitFor([this] { return m_fixture.sync().runningCount() == 0; }, longestMs)) {
        std::fputs("still running\n", stderr);
    }
    settle();
}

void Tour::waitForProxy() const
{
    constexpr int longestMs = 60'000;
    const auto isIdle = [this] {
        const auto* button = find<QPushButton>(u"compareButton"_s);
        return button != nullptr && button->isEnabled();
    };
    if (!QTest::qWaitFor(isIdle, longestMs)) {
        std::fputs("the proxy is still busy\n", stderr);
    }
    settle();
}

void Tour::write(const QString& field, const QString& text) const
{
    if (auto* edit = find<QLineEdit>(field)) {
        QElapsedTimer timer;
        timer.start();
        edit->setText(text);
        QApplication::processEvents();
        std::printf("%s in %lld ms\n", qPrintable(field + u' ' + text), timer.elapsed());
        settle();
    }
}

QString Tour::longer(const QString& text, const QString& more) const
{
    return m_wishes.hasLongTexts ? text + u' ' + more : text;
}

bool Tour::setOptions(const QHash<QString, QString>& options)
{
    return m_fixture
        .ask([this, &options](Store& store) -> Result<void> {
            auto connection = store.connections().byId(m_connection);
            if (!connection) {
                return connection.error();
            }
            for (auto [key, value] : options.asKeyValueRange()) {
                connection->options.insert(key, value);
            }
            return store.connections().updateSettings(*connection);
        })
        .hasValue();
}

bool Tour::addProxy()
{
    const QString name = longer(u"Office proxy"_s, u"of the Rechenzentrumsverwaltungsabteilung"_s);
    m_fixture.setServer(m_configService.server());
    m_configService.putRoute({ { u"id"_s, u"shop"_s }, { u"name"_s, u"Shop"_s },
        { u"from"_s, u"https://shop.example.org"_s }, { u"originatorId"_s, u"terraform"_s } });
    m_proxy.write({ { .type = recordtype::kDirectoryUser,
        .id = u"stranger"_s,
        .typeUrl = kStructTypeUrl,
        .data = encodeDirectoryRecord(
            DirectoryUserRecord { .id = u"stranger"_s, .email = u"stranger@example.org"_s }) } });
    return test::addProxy(m_fixture, m_proxy, m_wishes.devices, name,
        { { u"policy_channel"_s, u"config_service"_s }, { u"automatic"_s, u"false"_s } });
}

bool Tour::addPolicies()
{
    return m_fixture
        .ask([this](Store& store) -> Result<StoredRoute> {
            const auto policy = store.policies().save(
                StoredPolicy { .name = longer(u"Engineering"_s,
                                   u"und Donaudampfschifffahrtsgesellschaftsangelegenheit"_s),
                    .description = u"Engineers, from inside"_s,
                    .text = u"- allow:\n    and:\n      - groups:\n          has: "
                            "\"sample-engineering\"\n      - source_ip:\n          - "
                            "\"10.0.0.0/8\"\n- deny:\n    or:\n      - groups:\n          has: "
                            "\"sample-support\"\n"_s });
            if (!policy) {
                return policy.error();
            }
            return store.policies().save(StoredRoute { .name = u"Wiki"_s,
                .from = u"https://wiki.example.org"_s,
                .to = { u"http://127.0.0.1:8080"_s },
                .policyIds = { policy->id } });
        })
        .hasValue();
}

void Tour::takeDirectory()
{
    auto& window = m_fixture.window();
    window.showPage(u"directory"_s);
    settle();
    write(u"search"_s, u"john"_s);
    choose(u"users"_s, 0);
    takeBoth(u"directory-person"_s);
    write(u"search"_s, u"no such person"_s);
    take(window, u"directory-nothing-found"_s);
    write(u"search"_s, {});
    auto* lists = find<QTabBar>(u"lists"_s);
    for (int i = 1; lists != nullptr && i < lists->count(); ++i) {
        lists->setCurrentIndex(i);
        settle();
        if (window.findChild<TableView*>(u"groups"_s)->isVisible()) {
            choose(u"groups"_s, 2);
        }
        take(window, u"directory-list-%1"_s.arg(i));
    }
    if (lists != nullptr) {
        lists->setCurrentIndex(0);
    }
}

void Tour::takeChanges()
{
    auto& window = m_fixture.window();
    window.showPage(u"history"_s);
    settle();
    choose(u"runs"_s, 0);
    takeBoth(u"history-run"_s);
    setOptions({ { u"churn"_s, u"1"_s } });
    window.showPage(u"changes"_s);
    click(u"preview"_s);
    waitForRuns();
    choose(u"changes"_s, 2);
    takeBoth(u"changes-preview"_s);
    if (auto* tabs = find<QTabWidget>(u"tabs"_s)) {
        for (int i = 1; i < tabs->count(); ++i) {
            if (tabs->isTabVisible(i)) {
                tabs->setCurrentIndex(i);
                take(window, u"changes-tab-%1"_s.arg(i));
            }
        }
        tabs->setCurrentIndex(0);
    }
    click(u"apply"_s);
    takeDialog(u"changes-apply"_s);
    setOptions({ { u"users"_s, QString::number(m_wishes.people * 3 / 4) } });
    click(u"preview"_s);
    waitForRuns();
    choose(u"changes"_s, 2);
    takeBoth(u"changes-guarded"_s);
    setOptions({ { u"users"_s, QString::number(m_wishes.people / 2) }, { u"churn"_s, u"2"_s } });
    m_fixture.sync().sync(m_connection);
    waitForRuns();
    takeBoth(u"changes-held"_s);
    click(u"approveAll"_s);
    takeDialog(u"changes-approve"_s);
    window.showPage(u"overview"_s);
    takeBoth(u"overview-held"_s);
    window.showPage(u"providers"_s);
    take(window, u"providers-held"_s);
    click(u"removeButton"_s);
    takeDialog(u"providers-remove"_s);
}

void Tour::takePolicies()
{
    auto& window = m_fixture.window();
    window.showPage(u"policies"_s);
    settle();
    choose(u"policyList"_s, 0);
    takeBoth(u"policies-text"_s);
    click(u"showText"_s);
    takeBoth(u"policies-cards"_s);
    click(u"showText"_s);
    click(u"pickGroup"_s);
    takeDialog(u"policies-pick"_s);
    click(u"export"_s);
    takeDialog(u"policies-export"_s);
    if (auto* kind = find<QTabBar>(u"kind"_s)) {
        kind->setCurrentIndex(1);
        settle();
        choose(u"routeList"_s, 0);
        take(window, u"policies-route"_s);
        kind->setCurrentIndex(0);
    }
}

/// Another version of the policy than the one that was delivered.
bool Tour::letSupportIn()
{
    return m_fixture
        .ask([](Store& store) -> Result<StoredPolicy> {
            auto policies = store.policies().policies();
            if (!policies || policies->empty()) {
                return policies ? Error {} : policies.error();
            }
            StoredPolicy policy = policies->front();
            policy.text = u"- allow:\n    or:\n      - groups:\n          has: "
                          "\"sample-support\"\n"_s;
            return store.policies().save(policy);
        })
        .hasValue();
}

void Tour::takeProxy()
{
    auto& window = m_fixture.window();
    window.showPage(u"proxy"_s);
    settle();
    click(u"testTarget"_s);
    waitForProxy();
    takeBoth(u"proxy-test"_s);
    takeDelivery();
    takeAttaching();
    const auto* tabs = find<QTabWidget>(u"targetTabs"_s);
    for (int i = 0; tabs != nullptr && i < tabs->count(); ++i) {
        if (tabs->isTabVisible(i)) {
            showTab(u"targetTabs"_s, i);
            take(window, u"proxy-tab-%1"_s.arg(i));
        }
    }
    showTab(u"targetTabs"_s, 0);
    click(u"blockNowButton"_s);
    if (auto* dialog = QApplication::activeModalWidget()) {
        dialog->findChild<QLineEdit*>(u"blockUser"_s)->setText(u"u-1"_s);
    }
    takeDialog(u"proxy-block"_s);
    click(u"removeTarget"_s);
    takeDialog(u"proxy-remove"_s);
    click(u"addTarget"_s);
    takeBoth(u"proxy-add"_s);
    click(u"discardButton"_s);
}

void Tour::takeDelivery()
{
    click(u"compareButton"_s);
    waitForProxy();
    choose(u"deliveryChanges"_s, 1);
    takeBoth(u"proxy-compare"_s);
    click(u"deliverButton"_s);
    waitForProxy();
    if (!letSupportIn()) {
        std::fputs("the policy could not be changed\n", stderr);
    }
    click(u"compareButton"_s);
    waitForProxy();
    choose(u"deliveryChanges"_s, 0);
    takeBoth(u"proxy-policy-change"_s);
    showTab(u"deliveryTabs"_s, 1);
    takeBoth(u"proxy-access"_s);
    showTab(u"deliveryTabs"_s, 2);
    take(m_fixture.window(), u"proxy-remarks"_s);
    showTab(u"deliveryTabs"_s, 0);
    if (auto* foreign = find<QComboBox>(u"foreignChoice"_s)) {
        foreign->setCurrentIndex(2);
        waitForProxy();
        choose(u"deliveryChanges"_s, 0);
        take(m_fixture.window(), u"proxy-foreign"_s);
    }
}

void Tour::takeAttaching()
{
    constexpr int tabOfAttachments = 2;
    showTab(u"targetTabs"_s, tabOfAttachments);
    takeBoth(u"proxy-attach-nothing"_s);
    click(u"attachPolicy"_s);
    if (auto* dialog = QApplication::activeModalWidget()) {
        takeBoth(*dialog, u"proxy-attach"_s);
        QTest::mouseClick(dialog->findChild<QPushButton*>(u"attachButton"_s), Qt::LeftButton);
        settle();
    }
}

void Tour::takeDevices()
{
    m_fixture.window().showPage(u"devices"_s);
    settle();
    choose(u"devices"_s, 1);
    takeBoth(u"devices-chosen"_s);
    click(u"showRecords"_s);
    takeDialog(u"devices-records"_s);
    click(u"revokeDevice"_s);
    takeDialog(u"devices-revoke"_s);
    takeNewEnrollment();
    takeLostLinks();
}

void Tour::takeNewEnrollment()
{
    click(u"newEnrollment"_s);
    if (auto* dialog = QApplication::activeModalWidget()) {
        takeBoth(*dialog, u"devices-new"_s);
        auto* search = dialog->findChild<QLineEdit*>(u"peopleSearch"_s);
        search->setText(u"john"_s);
        settle();
        takeBoth(*dialog, u"devices-new-search"_s);
        QTest::keyClick(search, Qt::Key_Return);
        settle();
        takeBoth(*dialog, u"devices-new-chosen"_s);
        constexpr int own = 2;
        auto* redirect = dialog->findChild<QComboBox*>(u"redirectKind"_s);
        auto* valid = dialog->findChild<QComboBox*>(u"validFor"_s);
        redirect->setCurrentIndex(own);
        valid->setCurrentIndex(valid->count() - 1);
        dialog->findChild<QLineEdit*>(u"redirectUrl"_s)->setText(u"wiki.example.org/start"_s);
        takeBoth(*dialog, u"devices-new-own"_s);
        dialog->findChild<QLineEdit*>(u"redirectUrl"_s)->setText(u"http://wiki.example.org"_s);
        take(*dialog, u"devices-new-http"_s);
        redirect->setCurrentIndex(0);
        QTest::mouseClick(dialog->findChild<QPushButton*>(u"createEnrollment"_s), Qt::LeftButton);
        settle();
        takeDialog(u"devices-created"_s);
        takeDialog(u"devices-created-question"_s);
    }
    while (auto* dialog = qobject_cast<QDialog*>(QApplication::activeModalWidget())) {
        dialog->done(QDialog::Rejected);
        settle();
    }
}

/// As another administrator would: the enrollments of our links are gone.
void Tour::loseLinks()
{
    const auto links = m_fixture.ask([](Store& store) -> Result<std::vector<DeviceLink>> {
        const auto targets = store.targets().list();
        return targets ? store.deviceLinks().list(targets->front().id) : targets.error();
    });
    for (const DeviceLink& link : links.valueOr({})) {
        m_proxy.write({ tombstone(recordtype::kEnrollment, link.enrollmentId) });
    }
}

void Tour::takeLostLinks()
{
    constexpr int lost = 5; // of the states to choose from
    loseLinks();
    settle();
    if (auto* status = find<QComboBox>(u"deviceStatus"_s)) {
        status->setCurrentIndex(lost);
        choose(u"devices"_s, 0);
        takeBoth(u"devices-lost"_s);
        status->setCurrentIndex(0);
    }
}

void Tour::takeShell()
{
    auto& window = m_fixture.window();
    window.showPage(u"overview"_s);
    for (const auto& action : { u"commands"_s, u"shortcuts"_s, u"about"_s }) {
        if (auto* found = window.findChild<QAction*>(action)) {
            found->trigger();
            settle();
            QWidget* popup = QApplication::activePopupWidget();
            if (popup == nullptr) {
                popup = QApplication::activeModalWidget();
            }
            if (popup == nullptr) {
                popup = QApplication::activeWindow();
            }
            if (popup != nullptr && popup != &window) {
                takeBoth(*popup, u"shell-"_s + action);
                popup->close();
            }
        }
    }
    if (auto* activity = window.findChild<QAction*>(u"activity"_s)) {
        activity->trigger();
        take(window, u"shell-activity"_s);
        activity->trigger();
    }
}

void Tour::takeWizard()
{
    auto& window = m_fixture.window();
    window.showPage(u"providers"_s, u"add"_s);
    take(window, u"wizard-choose"_s);
    auto* picker = find<QListWidget>(u"providerPicker"_s);
    for (int i = 0; picker != nullptr && i < picker->count(); ++i) {
        picker->setCurrentRow(i);
        click(u"wizardNext"_s);
        take(window, u"wizard-configure-%1"_s.arg(i));
        click(u"wizardNext"_s);
        QTest::qWait(1500);
        take(window, u"wizard-preview-%1"_s.arg(i));
        click(u"wizardBack"_s);
        if (!picker->isVisible()) {
            click(u"wizardBack"_s);
        }
    }
}

int Tour::run()
{
    m_wishes.folder.mkpath(u"."_s);
    auto& window = m_fixture.window();
    window.resize(m_wishes.size);
    theme::apply(theme::Scheme::Light);
    if (!m_fixture.show()) {
        return 1;
    }
    takePages(u"empty"_s);
    window.showPage(u"overview"_s);
    m_connection = m_fixture.addSample(m_wishes.people);
    if (m_connection.isEmpty() || !addPolicies() || !addProxy()) {
        return 1;
    }
    takePages(u"filled"_s);
    takeDirectory();
    takePolicies();
    takeProxy();
    takeDevices();
    takeShell();
    takeChanges();
    takeWizard();
    return 0;
}

bool readWishes(Wishes& wishes)
{
    QCommandLineParser parser;
    parser.addHelpOption();
    parser.addPositionalArgument(u"folder"_s, u"Where the pictures go."_s);
    const QCommandLineOption people(u"people"_s, u"Of the sample directory."_s, u"number"_s);
    const QCommandLineOption devices(u"devices"_s, u"At the proxy."_s, u"number"_s);
    const QCommandLineOption size(u"size"_s, u"Of the window, 1280x800 unless told."_s, u"WxH"_s);
    const QCommandLineOption texts(u"long-texts"_s, u"Long names for what is made up."_s);
    parser.addOptions({ people, devices, size, texts });
    parser.process(*QCoreApplication::instance());
    if (parser.positionalArguments().size() != 1) {
        return false;
    }
    wishes.folder.setPath(parser.positionalArguments().constFirst());
    wishes.hasLongTexts = parser.isSet(texts);
    if (parser.isSet(people)) {
        wishes.people = parser.value(people).toInt();
    }
    if (parser.isSet(devices)) {
        wishes.devices = parser.value(devices).toInt();
    }
    const QStringList sides = parser.value(size).split(u'x', Qt::SkipEmptyParts);
    if (sides.size() == 2) {
        wishes.size = QSize(sides.constFirst().toInt(), sides.constLast().toInt());
    }
    return true;
}

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    QApplication::setApplicationDisplayName(u"Portreeve"_s);
    QApplication::setStyle(new theme::OutlinedStyle);
    QTranslator english; // has the plural forms
    if (english.load(QStringLiteral(PORTREEVE_ENGLISH))) {
        QApplication::installTranslator(&english);
    }
    Wishes wishes;
    if (!readWishes(wishes)) {
        std::fputs("portreeve_shots FOLDER, see --help\n", stderr);
        return 4;
    }
    Tour tour(wishes);
    return tour.run();
}
