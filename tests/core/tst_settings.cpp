// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/settings/connection.h"
#include "core/settings/settings.h"
#include "tests/support/testregistry.h"

#include <QSet>
#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve {

class TstSettings : public QObject
{
    Q_OBJECT

private slots:
    void defaultsAreInForceUntilSomethingIsStored();
    void valuesThatDoNotFitAreRefused();
    void valuesOfANewerVersionCountAsNotStored();
    void everyDefaultFitsItsDescription();
    void stateNamesAreReadBack();
    void theFingerprintMovesWithWhatAFetchMeans();

private:
    QHash<QString, QString> m_stored;

    Settings settings()
    {
        return Settings({ .read = [this](const QString& name) -> Result<std::optional<QString>> {
                             return m_stored.contains(name) ? std::optional(m_stored.value(name))
                                                            : std::optional<QString>();
                         },
            .write = [this](const QString& name, const QString& value) -> Result<void> {
                m_stored.insert(name, value);
                return {};
            } });
    }
};

void TstSettings::defaultsAreInForceUntilSomethingIsStored()
{
    m_stored.clear();
    auto all = settings();
    QCOMPARE(all.flag(Setting::SyncInBackground).valueOr(false), true);
    QCOMPARE(all.text(Setting::ColorScheme).valueOr({}), u"desktop"_s);

    QVERIFY(all.setFlag(Setting::SyncInBackground, false).hasValue());
    QVERIFY(all.setText(Setting::ColorScheme, u"dark"_s).hasValue());

    QCOMPARE(all.flag(Setting::SyncInBackground).valueOr(true), false);
    QCOMPARE(m_stored.value(u"color_scheme"_s), u"dark"_s);
}

void TstSettings::valuesThatDoNotFitAreRefused()
{
    m_stored.clear();
    auto all = settings();

    const auto neither = all.setText(Setting::KeepInTray, u"perhaps"_s);
    const auto unknown = all.setText(Setting::ColorScheme, u"pink"_s);

    QVERIFY(!neither && !unknown);
    QCOMPARE(neither.error().code, ErrorCode::InvalidInput);
    QVERIFY(unknown.error().remedy.english().contains(u"light"_s));
    QVERIFY(m_stored.isEmpty());
}

void TstSettings::valuesOfANewerVersionCountAsNotStored()
{
    m_stored = { { u"color_scheme"_s, u"sepia"_s } };

    QCOMPARE(settings().text(Setting::ColorScheme).valueOr({}), u"desktop"_s);
}

void TstSettings::everyDefaultFitsItsDescription()
{
    QSet<QString> names;
    auto all = settings();
    for (const auto& descriptor : settingTable()) {
        QVERIFY2(all.setText(descriptor.setting, descriptor.defaultValue).hasValue(),
            qUtf8Printable(descriptor.name));
        names.insert(descriptor.name);
    }
    QCOMPARE(static_cast<std::size_t>(names.size()), settingTable().size());
}

void TstSettings::stateNamesAreReadBack()
{
    for (int i = 0; i <= static_cast<int>(ConnectionState::Disabled); ++i) {
        const auto state = static_cast<ConnectionState>(i);
        QCOMPARE(connectionStateFromName(connectionStateName(state)), std::optional(state));
    }
    QCOMPARE(connectionStateName(ConnectionState::BackingOff), u"backing_off"_s);
    QVERIFY(!connectionStateFromName(u"resting").has_value());
}

void TstSettings::theFingerprintMovesWithWhatAFetchMeans()
{
    Connection connection { .id = u"1"_s, .name = u"A"_s, .provider = u"keycloak"_s };
    connection.options = { { u"realm"_s, u"company"_s }, { u"url"_s, u"https://a.org"_s } };
    connection.rules.groupFilter = { u"b"_s, u"a"_s };
    const QString before = settingsFingerprint(connection);

    auto renamed = connection;
    renamed.name = u"B"_s;
    renamed.rules.groupFilter = { u"a"_s, u"b"_s };
    auto moved = connection;
    moved.options.insert(u"realm"_s, u"other"_s);
    auto filtered = connection;
    filtered.rules.groupFilter = { u"a"_s };

    QCOMPARE(settingsFingerprint(renamed), before);
    QVERIFY(settingsFingerprint(moved) != before);
    QVERIFY(settingsFingerprint(filtered) != before);
}

static const bool kSettingsRegistered = test::registerTestClass<TstSettings>("settings");

} // namespace portreeve

#include "tst_settings.moc"
