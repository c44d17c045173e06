// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/patience.h"
#include "tests/support/testregistry.h"
#include "tests/ui/modaldriver.h"
#include "tests/ui/windowfixture.h"
#include "ui/pages/settings/settingspage.h"
#include "ui/widgets/textlabel.h"

#include <QAbstractButton>
#include <QComboBox>
#include <QLabel>
#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

/// A keychain nobody can unlock.
class LockedStore final : public SecretStore
{
public:
    QString displayName() const override { return u"Locked keychain"_s; }

    Result<std::optional<QString>> read(const SecretName& /*name*/) override { return refusal(); }

    Result<void> write(const SecretName& /*name*/, const QString& /*value*/) override
    {
        return refusal();
    }

    Result<void> remove(const SecretName& /*name*/) override { return refusal(); }

    Result<void> probe() override { return refusal(); }

private:
    static Error refusal()
    {
        return { .code = ErrorCode::SecretStore,
            .what = Message::verbatim(u"The keychain is locked."_s) };
    }
};

} // namespace

class TstSettingsPage : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void theSchemeIsStored();
    void theSecretStoreInUseIsNamed();
    void aLockedKeychainOffersMemory();
    void checksSayThatTheDatabaseIsSound();

private:
    std::unique_ptr<test::WindowFixture> m_fixture;
};

void TstSettingsPage::init()
{
    m_fixture = std::make_unique<test::WindowFixture>();
    QVERIFY(m_fixture->show());
    m_fixture->window().showPage(u"settings"_s);
}

void TstSettingsPage::cleanup()
{
    m_fixture.reset();
}

void TstSettingsPage::theSchemeIsStored()
{
    auto* box = m_fixture->window().findChild<QComboBox*>(u"schemeBox"_s);

    box->setFocus();
    QTest::keyClick(box, Qt::Key_End);

    const auto stored
        = m_fixture->ask([](Store& store) { return store.setting(u"color_scheme"_s); });
    QVERIFY(stored.hasValue());
    QCOMPARE(stored->value_or(QString()), u"dark"_s);
    QTRY_VERIFY(theme::isDark(m_fixture->window().palette()));
    theme::apply(theme::Scheme::Light);
}

void TstSettingsPage::theSecretStoreInUseIsNamed()
{
    const auto* text = m_fixture->window().findChild<QLabel*>(u"secretStoreText"_s);

    QTRY_VERIFY(text->text().contains(m_fixture->secrets().displayName()));
}

void TstSettingsPage::aLockedKeychainOffersMemory()
{
    LockedStore locked;
    QThreadPool workers;
    bool isKept = false;
    SecretWatch health(locked, workers, [&isKept] { isKept = true; });
    AppContext context = m_fixture->context();
    const AppContext withLocked { .store = context.store,
        .sync = context.sync,
        .deliveries = context.deliveries,
        .proxyStore = context.proxyStore,
        .secrets = locked,
        .workers = workers,
        .clock = context.clock,
        .connections = context.connections,
        .secretHealth = health,
        .settings = context.settings,
        .targets = context.targets };
    SettingsPage page(withLocked, nullptr);
    page.show();
    health.probe();

    QTRY_VERIFY(health.state() == SecretWatch::State::Failed);
    QTRY_VERIFY(page.findChild<QWidget*>(u"untilQuitButton"_s)->isVisible());
    QVERIFY(test::clickButton(page, u"untilQuitButton"_s));

    QVERIFY(isKept);
    QTRY_VERIFY(page.findChild<QLabel*>(u"secretStoreText"_s)->text().contains(u"until you quit")
        || page.findChild<QLabel*>(u"secretStoreText"_s)->text().contains(u"gone when you quit"));
    workers.waitForDone();
}

void TstSettingsPage::checksSayThatTheDatabaseIsSound()
{
    auto* results = m_fixture->window().findChild<QLabel*>(u"checkResults"_s);

    m_fixture->window().findChild<QAbstractButton*>(u"runChecksButton"_s)->click();

    QTRY_COMPARE(results->text(), u"The database is sound."_s);
}

static const bool kSettingsPageRegistered
    = test::registerTestClass<TstSettingsPage>("settingspage");

} // namespace portreeve

#include "tst_settingspage.moc"
