// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/databrokerdouble.h"
#include "tests/support/databrokerreplay.h"
#include "tests/support/testregistry.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve {

using test::DatabrokerDouble;
using test::DatabrokerReplay;

/// Replays, call by call, what was recorded from a real databroker 0.33.0, against the double that
/// all other tests trust. The interop tests replay it against a real 0.32.9.
class TstDatabrokerGolden : public QObject
{
    Q_OBJECT

private slots:
    void theDoubleAnswersAsTheRealOneDid();
};

void TstDatabrokerGolden::theDoubleAnswersAsTheRealOneDid()
{
    const auto lines = DatabrokerReplay::recorded();
    const DatabrokerDouble server;
    DatabrokerReplay replay(server.endpoint(), DatabrokerDouble::secret());
    const auto calls = replay.calls();

    QCOMPARE(std::size_t(lines.size()), calls.size());
    for (std::size_t i = 0; i < calls.size(); ++i) {
        const auto& line = lines.at(qsizetype(i));
        const auto& [name, answer] = calls[i];
        QVERIFY2(line.startsWith(name), qPrintable(name + u" against "_s + line));
        const QString actual = name.trimmed() + u' ' + answer();
        QCOMPARE(DatabrokerReplay::comparable(actual), DatabrokerReplay::comparable(line));
    }
}

static const bool kDatabrokerGoldenRegistered
    = test::registerTestClass<TstDatabrokerGolden>("databrokergolden");

} // namespace portreeve

#include "tst_databrokergolden.moc"
