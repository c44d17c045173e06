// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/testregistry.h"
#include "ui/widgets/tableview.h"

#include <QHeaderView>
#include <QScrollBar>
#include <QSettings>
#include <QTest>

#include <memory>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

constexpr int kName = 0;
constexpr int kCount = 1;
constexpr int kRemarks = 2;

class NameModel final : public RowsModel
{
public:
    NameModel()
        : RowsModel({ { .id = u"name"_s, .title = u"Name"_s, .widthChars = 24 },
                        { .id = u"count"_s,
                            .title = u"Count"_s,
                            .alignment = Qt::AlignTrailing | Qt::AlignVCenter,
                            .widthChars = 8 },
                        { .id = u"remarks"_s, .title = u"Remarks"_s, .widthChars = 22 } },
              nullptr)
    {
        swapRows(naturalOrder(3));
    }

    QString rowKey(Row row) const override { return QString::number(row); }

protected:
    QVariant cell(Row row, int column, int role) const override
    {
        return role == Qt::DisplayRole ? QVariant(u"%1.%2"_s.arg(row).arg(column)) : QVariant();
    }
};

} // namespace

class TstTableView : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void columnsGiveWayBeforeAnythingIsScrolled();
    void textsShareTheRoomThatNumbersLeave();
    void aMuchTooNarrowTableIsScrolled();
    void aWidthGivenByHandStays();

private:
    /// @p chars  in average characters
    std::unique_ptr<TableView> table(int chars);

    NameModel m_model;
};

void TstTableView::init()
{
    QSettings().remove(u"tables"_s);
}

std::unique_ptr<TableView> TstTableView::table(int chars)
{
    auto view = std::make_unique<TableView>(u"names"_s);
    view->setRowsModel(&m_model);
    view->resize(view->fontMetrics().averageCharWidth() * chars, 300);
    view->show();
    return view;
}

void TstTableView::columnsGiveWayBeforeAnythingIsScrolled()
{
    const auto view = table(48);
    QTRY_COMPARE(view->horizontalScrollBar()->maximum(), 0);
    QVERIFY(view->columnWidth(kName) < view->fontMetrics().averageCharWidth() * 24);
}

void TstTableView::textsShareTheRoomThatNumbersLeave()
{
    const auto view = table(140);
    QTRY_VERIFY(view->columnWidth(kName) > view->fontMetrics().averageCharWidth() * 40);
    QCOMPARE(view->columnWidth(kCount), view->fontMetrics().averageCharWidth() * 8);
    QVERIFY(view->columnWidth(kRemarks) > view->fontMetrics().averageCharWidth() * 40);
}

void TstTableView::aMuchTooNarrowTableIsScrolled()
{
    const auto view = table(25);
    QTRY_VERIFY(view->horizontalScrollBar()->maximum() > 0);
    QCOMPARE(view->columnWidth(kName), view->fontMetrics().averageCharWidth() * 24);
}

void TstTableView::aWidthGivenByHandStays()
{
    auto view = table(100);
    view->horizontalHeader()->resizeSection(kName, 77);
    view->resize(view->width() * 2, view->height());
    QTRY_COMPARE(view->viewport()->width(), view->width());
    QCOMPARE(view->columnWidth(kName), 77);

    view.reset();
    view = table(60);
    QCOMPARE(view->columnWidth(kName), 77);
}

static const bool kTableViewRegistered = test::registerTestClass<TstTableView>("tableview");

} // namespace portreeve

#include "tst_tableview.moc"
