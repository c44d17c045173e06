// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/testregistry.h"
#include "ui/widgets/columnfit.h"
#include "ui/widgets/tableview.h"

#include <QHeaderView>
#include <QScrollBar>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

#include <numeric>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

const QString kLongText = QString(64, u'w');
constexpr int kNameColumn = 0;
constexpr int kMailColumn = 1;
constexpr int kCountColumn = 2;

/// A name, a mail address and a number at the end.
class FittedModel final : public RowsModel
{
public:
    FittedModel()
        : RowsModel({ { .id = u"name"_s, .title = u"Name"_s, .widthChars = 12 },
                        { .id = u"mail"_s, .title = u"E-mail"_s, .widthChars = 12 },
                        { .id = u"count"_s,
                            .title = u"No"_s,
                            .alignment = Qt::AlignTrailing | Qt::AlignVCenter,
                            .widthChars = 4 } },
              nullptr)
    {
    }

    void show(const QStringList& names)
    {
        swapRows(naturalOrder(static_cast<std::size_t>(names.size())), [&] { m_names = names; });
    }

    QString rowKey(Row row) const override { return QString::number(row); }

protected:
    QVariant cell(Row row, int column, int role) const override
    {
        if (role != Qt::DisplayRole) {
            return {};
        }
        const QString& name = m_names[static_cast<qsizetype>(row)];
        return column == kNameColumn ? name
            : column == kMailColumn  ? QString(name + u"@example.org"_s)
                                     : QString::number(row);
    }

private:
    QStringList m_names;
};

int sum(const std::vector<int>& widths)
{
    return std::accumulate(widths.begin(), widths.end(), 0);
}

} // namespace

class TstColumnFit : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void roomDecidesBetweenUsualContentAndLeast();
    void spareGoesToTheLastColumnThatTakesIt();
    void aViewShowsItsFirstRowsWhole();
    void aLongTextLeavesRoomForTheOthers();
    void longTextsShareNarrowRoom();
    void aWordIsNotCutForALongerText();
    void wrappedTextsAreShownWhole();
    void wrappedTextsAreShownWholeBesideAChosenWidth();
    void columnsFollowTheViewUntilOneIsSized();
    void aSizedColumnIsRemembered();
    void untouchedWidthsAreNotRemembered();
    void columnsStayWhileAFilterIsTyped();
    void columnsFitOtherRows();
    void aColumnLeftOutComesBackInALaterSession();
    void aColumnHiddenByHandStaysHiddenWhenItIsNeeded();

private:
    std::unique_ptr<TableView> makeView(int width);
    int textWidth(const TableView& view, int line, int column) const;

    std::unique_ptr<QTemporaryDir> m_folder;
    FittedModel m_model;
};

void TstColumnFit::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder->path());
    m_model.show({});
}

std::unique_ptr<TableView> TstColumnFit::makeView(int width)
{
    auto view = std::make_unique<TableView>(u"fitted"_s);
    view->setRowsModel(&m_model);
    view->resize(width, 300);
    view->show();
    return view;
}

int TstColumnFit::textWidth(const TableView& view, int line, int column) const
{
    return view.fontMetrics().horizontalAdvance(m_model.index(line, column).data().toString());
}

void TstColumnFit::roomDecidesBetweenUsualContentAndLeast()
{
    const std::vector<ColumnWish> wishes { { .least = 40, .content = 100, .usual = 60 },
        { .least = 20, .content = 20, .usual = 80 } };

    QCOMPARE(fitColumns(wishes, 500), std::vector<int>({ 100, 80 }));
    QCOMPARE(fitColumns(wishes, 150), std::vector<int>({ 100, 50 }));
    QCOMPARE(fitColumns(wishes, 120), std::vector<int>({ 100, 20 }));
    QCOMPARE(fitColumns(wishes, 90), std::vector<int>({ 70, 20 }));
    QCOMPARE(fitColumns(wishes, 10), std::vector<int>({ 40, 20 }));
    QVERIFY(fitColumns({}, 100).empty());
}

void TstColumnFit::spareGoesToTheLastColumnThatTakesIt()
{
    const std::vector<ColumnWish> wishes {
        { .least = 40, .content = 40, .usual = 50, .takesSpare = true },
        { .least = 40, .content = 40, .usual = 50, .takesSpare = true },
        { .least = 10, .content = 10, .usual = 10 },
    };

    QCOMPARE(fitColumns(wishes, 200), std::vector<int>({ 50, 140, 10 }));
    QCOMPARE(sum(fitColumns(wishes, 1000)), 1000);
}

void TstColumnFit::aViewShowsItsFirstRowsWhole()
{
    m_model.show({ u"ada.brambleyardmoor"_s, u"bo"_s });
    const auto view = makeView(600);

    for (const int column : { kNameColumn, kMailColumn, kCountColumn }) {
        QVERIFY(view->columnWidth(column) > textWidth(*view, 0, column));
    }
    QTRY_COMPARE(view->horizontalScrollBar()->maximum(), 0);
    QTRY_COMPARE(view->horizontalHeader()->length(), view->viewport()->width());
    // The number at the end stays beside its neighbours instead of being stretched.
    QVERIFY(view->columnWidth(kCountColumn) < view->columnWidth(kNameColumn));
}

void TstColumnFit::aLongTextLeavesRoomForTheOthers()
{
    m_model.show({ kLongText });
    const auto view = makeView(400);

    QTRY_COMPARE(view->horizontalScrollBar()->maximum(), 0);
    QVERIFY(view->columnWidth(kCountColumn) > textWidth(*view, 0, kCountColumn));
    QVERIFY(view->columnWidth(kMailColumn) >= view->fontMetrics().averageCharWidth() * 12);
}

void TstColumnFit::longTextsShareNarrowRoom()
{
    m_model.show({ u"ada.brambleyardmoor.of.the.northern.department"_s });
    const int unit = makeView(400)->fontMetrics().averageCharWidth();

    const auto view = makeView(unit * 36);

    QTRY_COMPARE(view->horizontalScrollBar()->maximum(), 0);
    QVERIFY(view->columnWidth(kCountColumn) > textWidth(*view, 0, kCountColumn));
}

/// "Suspen…" in a column of states says less than a shorter address beside it.
void TstColumnFit::aWordIsNotCutForALongerText()
{
    m_model.show({ u"Suspended people"_s });
    const int unit = makeView(400)->fontMetrics().averageCharWidth();

    const auto view = makeView(unit * 44);

    QVERIFY(view->columnWidth(kNameColumn) > textWidth(*view, 0, kNameColumn));
    QVERIFY(view->columnWidth(kMailColumn) < textWidth(*view, 0, kMailColumn));
}

void TstColumnFit::wrappedTextsAreShownWhole()
{
    m_model.show({ u"bo"_s, u"some words, too many for one line"_s });
    const auto view = makeView(200);
    const int line = view->rowHeight(1);

    view->wrapTexts();
    view->fitColumnsAgain();

    QCOMPARE(view->rowHeight(0), line);
    QVERIFY(view->rowHeight(1) > line + view->fontMetrics().height() / 2);
    view->resize(2000, 300);
    QCOMPARE(view->rowHeight(1), line);
}

void TstColumnFit::wrappedTextsAreShownWholeBesideAChosenWidth()
{
    m_model.show({ u"bo"_s });
    makeView(400)->horizontalHeader()->resizeSection(kNameColumn, 90);
    const auto view = makeView(400);
    view->wrapTexts();
    const int line = view->rowHeight(0);

    m_model.show({ u"some words, too many for one line"_s });

    QVERIFY(view->rowHeight(0) > line);
}

void TstColumnFit::columnsFollowTheViewUntilOneIsSized()
{
    m_model.show({ u"ada"_s });
    const auto view = makeView(300);
    view->resize(700, 300);
    QTRY_COMPARE(view->horizontalHeader()->length(), view->viewport()->width());
    const int followed = view->columnWidth(kMailColumn);

    view->horizontalHeader()->resizeSection(kNameColumn, 333);
    view->resize(350, 300);

    QCOMPARE(view->columnWidth(kNameColumn), 333);
    QCOMPARE(view->columnWidth(kMailColumn), followed);
    view->fitColumnsAgain();
    QVERIFY(view->columnWidth(kNameColumn) < 333);
    QTRY_COMPARE(view->horizontalScrollBar()->maximum(), 0);
}

void TstColumnFit::aSizedColumnIsRemembered()
{
    m_model.show({ u"ada"_s });
    makeView(300)->horizontalHeader()->resizeSection(kNameColumn, 123);

    const auto again = makeView(800);

    QCOMPARE(again->columnWidth(kNameColumn), 123);
}

void TstColumnFit::untouchedWidthsAreNotRemembered()
{
    m_model.show({ u"ada"_s });
    makeView(300).reset();

    const QStringList kept = QSettings().allKeys();

    QVERIFY(kept.contains(u"tables/fitted/order"_s));
    QVERIFY2(kept.filter(u"/width"_s).isEmpty(), qPrintable(kept.join(u' ')));
}

void TstColumnFit::columnsStayWhileAFilterIsTyped()
{
    m_model.show({ u"ada.brambleyardmoor"_s, u"bo"_s });
    const auto view = makeView(400);
    const int before = view->columnWidth(kNameColumn);

    m_model.show({ u"bo"_s });

    QCOMPARE(view->columnWidth(kNameColumn), before);
}

void TstColumnFit::columnsFitOtherRows()
{
    m_model.show({ u"bo"_s });
    const auto view = makeView(600);

    view->expectOtherRows();
    m_model.show({ u"ada.brambleyardmoor"_s });

    QVERIFY(view->columnWidth(kNameColumn) > textWidth(*view, 0, kNameColumn));
}

void TstColumnFit::aColumnLeftOutComesBackInALaterSession()
{
    auto view = makeView(300);
    view->setColumnNeeded(kMailColumn, false);
    QVERIFY(view->isColumnHidden(kMailColumn));
    view.reset();

    view = makeView(300);

    QVERIFY(!view->isColumnHidden(kMailColumn));
}

void TstColumnFit::aColumnHiddenByHandStaysHiddenWhenItIsNeeded()
{
    auto view = makeView(300);
    view->setColumnShown(kMailColumn, false);
    view->setColumnNeeded(kMailColumn, false);
    view->setColumnNeeded(kMailColumn, true);
    QVERIFY(view->isColumnHidden(kMailColumn));
    view.reset();

    view = makeView(300);

    QVERIFY(view->isColumnHidden(kMailColumn));
}

static const bool kColumnFitRegistered = test::registerTestClass<TstColumnFit>("columnfit");

} // namespace portreeve

#include "tst_columnfit.moc"
