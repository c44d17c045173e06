// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/architecture/sourcetree.h"
#include "tests/support/testregistry.h"

#include <QRegularExpression>
#include <QTest>

#include <map>
#include <set>

using namespace Qt::StringLiterals;

namespace portreeve::test {

/// Who may include whom (the project's style, 2.2).
class TstLayers : public QObject
{
    Q_OBJECT

private slots:
    void coreDoesNotKnowTheScreen();
    void uiDoesNotReachPastCore();
    void eachLibraryIsIncludedInOnePlaceOnly_data();
    void eachLibraryIsIncludedInOnePlaceOnly();
    void onlyTheStoreSpellsSql();
    void onlyTheThemeNamesColours();
    void layersPointOneWay();
    void coreFoldersHaveNoCycles();

private:
    static void verifyNone(const QStringList& offences);
};

namespace {
QStringList matchingIncludes(const QStringList& folders, const QRegularExpression& pattern,
    const QRegularExpression& allowedPaths)
{
    QStringList offences;
    for (const auto& file : sourceFiles(folders)) {
        if (allowedPaths.isValid() && allowedPaths.match(file.path).hasMatch()) {
            continue;
        }
        for (const auto& name : file.systemIncludes()) {
            if (pattern.match(name).hasMatch()) {
                offences.append(file.path + u" includes <"_s + name + u'>');
            }
        }
    }
    return offences;
}

QStringList matchingLines(
    const QStringList& folders, const QRegularExpression& pattern, const QString& allowedFolder)
{
    QStringList offences;
    for (const auto& file : sourceFiles(folders)) {
        if (file.path.startsWith(allowedFolder)) {
            continue;
        }
        for (qsizetype i = 0; i < file.lines.size(); ++i) {
            if (pattern.match(file.lines.at(i)).hasMatch()) {
                offences.append(
                    u"%1:%2: %3"_s.arg(file.path).arg(i + 1).arg(file.lines.at(i).trimmed()));
            }
        }
    }
    return offences;
}

const QRegularExpression kNowhere(u"^$"_s);
} // namespace

void TstLayers::verifyNone(const QStringList& offences)
{
    QVERIFY2(offences.isEmpty(), qPrintable(offences.join(u'\n')));
}

void TstLayers::coreDoesNotKnowTheScreen()
{
    const QRegularExpression screen(
        u"^(QtGui|QtWidgets|QtCharts|QtSvg)/|^Q(Widget|Icon|Color|Pixmap|Image|Palette|Font|FontMetrics|Application|GuiApplication|Action|UndoStack|Painter)$"_s);

    verifyNone(matchingIncludes({ u"core"_s, u"app/ctl"_s }, screen, kNowhere));
}

void TstLayers::uiDoesNotReachPastCore()
{
    const QRegularExpression beyond(
        u"^(QtSql|QtNetwork|qt6keychain)|^QSql|^QNetwork|^(sqlite3|ldap|lber|zip|yaml)\\.h$"_s);

    verifyNone(matchingIncludes({ u"ui"_s }, beyond, kNowhere));
}

void TstLayers::eachLibraryIsIncludedInOnePlaceOnly_data()
{
    QTest::addColumn<QString>("library");
    QTest::addColumn<QString>("place");
    QTest::addRow("QtKeychain") << u"^qt6keychain"_s << u"^core/settings/keychainsecretstore\\."_s;
    QTest::addRow("SQL") << u"^(QtSql/|QSql|sqlite3\\.h)"_s << u"^core/store/"_s;
    QTest::addRow("HTTP client") << u"^QNetwork(AccessManager|Request|Reply)$"_s << u"^core/net/"_s;
    QTest::addRow("LDAP") << u"^(ldap|lber)\\.h$"_s << u"^core/connectors/ldap"_s;
    QTest::addRow("gRPC") << u"^(grpc|google/protobuf)|\\.pb\\.h$"_s
                          << u"^core/proxy/(console|databroker)/"_s;
    QTest::addRow("zip") << u"^zip\\.h$"_s << u"^core/(export|connectors)/"_s;
}

void TstLayers::eachLibraryIsIncludedInOnePlaceOnly()
{
    QFETCH(QString, library);
    QFETCH(QString, place);

    verifyNone(matchingIncludes(
        { u"core"_s, u"ui"_s, u"app"_s }, QRegularExpression(library), QRegularExpression(place)));
}

void TstLayers::onlyTheStoreSpellsSql()
{
    const QRegularExpression statement(
        u"\"\\s*(SELECT .* FROM|INSERT INTO|INSERT OR|UPDATE \\w+ SET|DELETE FROM|CREATE TABLE|PRAGMA )"_s);

    verifyNone(matchingLines({ u"core"_s, u"ui"_s, u"app"_s }, statement, u"core/store/"_s));
}

void TstLayers::onlyTheThemeNamesColours()
{
    const QRegularExpression colour(
        u"QColor\\s*\\(\\s*[0-9\"u#]|Qt::(red|green|blue|yellow|black|white|gray|darkGray)\\b|#[0-9a-fA-F]{6}\\b"_s);

    verifyNone(matchingLines({ u"ui"_s, u"app"_s }, colour, u"ui/theme/"_s));
}

void TstLayers::layersPointOneWay()
{
    QStringList offences;
    const QRegularExpression windowParts(u"^ui/(forms|models|theme|widgets)/"_s);
    for (const auto& file : sourceFiles({ u"core"_s, u"ui"_s })) {
        const bool inCore = file.path.startsWith(u"core/");
        const bool inParts = windowParts.match(file.path).hasMatch();
        for (const auto& name : file.projectIncludes()) {
            const bool upward = name.startsWith(u"app/") || name.startsWith(u"tests/")
                || (inCore && name.startsWith(u"ui/"))
                || (inParts && (name.startsWith(u"ui/pages/") || name.startsWith(u"ui/shell/")));
            if (upward) {
                offences.append(file.path + u" includes "_s + name);
            }
        }
    }
    verifyNone(offences);
}

void TstLayers::coreFoldersHaveNoCycles()
{
    std::map<QString, std::set<QString>> uses;
    for (const auto& file : sourceFiles({ u"core"_s })) {
        const QString from = file.path.section(u'/', 0, 1);
        for (const auto& name : file.projectIncludes()) {
            const QString to = name.section(u'/', 0, 1);
            if (to.startsWith(u"core/") && to != from) {
                uses[from].insert(to);
            }
        }
    }

    // A folder is settled when all it uses are settled; what never settles lies on a cycle.
    std::set<QString> settled;
    bool moved = true;
    while (moved) {
        moved = false;
        for (const auto& [folder, targets] : uses) {
            const bool ready = std::ranges::all_of(targets, [&](const auto& target) {
                return settled.contains(target) || !uses.contains(target);
            });
            if (ready && settled.insert(folder).second) {
                moved = true;
            }
        }
    }
    QStringList offences;
    for (const auto& [folder, targets] : uses) {
        if (!settled.contains(folder)) {
            offences.append(
                folder + u" uses "_s + QStringList(targets.begin(), targets.end()).join(u", "_s));
        }
    }
    verifyNone(offences);
}

static const bool kLayersRegistered = registerTestClass<TstLayers>("layers");

} // namespace portreeve::test

#include "tst_layers.moc"
