// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/testregistry.h"
#include "ui/theme/theme.h"
#include "ui/widgets/tableview.h"

#include <QHeaderView>
#include <QLineEdit>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

constexpr int kNameColumn = 0;
constexpr int kNoteColumn = 1;

/// Three people, by name when @p isSorted allows it, and never by note.
class PeopleModel final : public RowsModel
{
public:
    explicit PeopleModel(bool isSorted)
        : RowsModel({ { .id = u"name"_s, .title = u"Name"_s, .sortable = isSorted },
                        { .id = u"note"_s, .title = u"Note"_s, .sortable = false } },
              nullptr)
    {
        swapRows(naturalOrder(3));
    }

    QString rowKey(Row row) const override { return QString::number(row); }

protected:
    QVariant cell(Row row, int /*column*/, int role) const override
    {
        return role == Qt::DisplayRole ? QVariant(rowKey(row)) : QVariant();
    }
};

void clickHeader(const TableView& view, int column)
{
    const QHeaderView* header = view.horizontalHeader();
    const int x = header->sectionViewportPosition(column) + header->sectionSize(column) / 2;
    QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, { x, header->height() / 2 });
}

} // namespace

class TstTableView : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void theMarkStaysWhereTheRowsAreSortedBy();
    void aTableWithoutOrderHasNoMark();
    void enteringByKeyboardSelectsTheCurrentRow();
    void textsOfNeighboursStandApart();

private:
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TstTableView::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder->path());
}

void TstTableView::theMarkStaysWhereTheRowsAreSortedBy()
{
    PeopleModel model(true);
    TableView view(u"people"_s);
    view.setRowsModel(&model);
    view.setSortMark(kNameColumn, Qt::AscendingOrder);
    view.resize(400, 200);
    view.show();
    const QSignalSpy asked(&view, &TableView::sortRequested);

    clickHeader(view, kNoteColumn);
    QCOMPARE(view.horizontalHeader()->sortIndicatorSection(), kNameColumn);
    QCOMPARE(view.horizontalHeader()->sortIndicatorOrder(), Qt::AscendingOrder);
    QCOMPARE(asked.count(), 0);

    clickHeader(view, kNameColumn);
    QCOMPARE(view.horizontalHeader()->sortIndicatorOrder(), Qt::DescendingOrder);
    QCOMPARE(asked.count(), 1);
}

void TstTableView::aTableWithoutOrderHasNoMark()
{
    PeopleModel model(false);
    TableView view(u"people"_s);
    view.setRowsModel(&model);
    view.resize(400, 200);
    view.show();

    clickHeader(view, kNameColumn);

    QVERIFY(!view.horizontalHeader()->isSortIndicatorShown());
    QCOMPARE(view.horizontalHeader()->sortIndicatorSection(), -1);
}

void TstTableView::enteringByKeyboardSelectsTheCurrentRow()
{
    PeopleModel model(false);
    QWidget window;
    auto* layout = new QVBoxLayout(&window);
    auto* field = new QLineEdit(&window);
    auto* view = new TableView(u"people"_s, &window);
    view->setRowsModel(&model);
    layout->addWidget(field);
    layout->addWidget(view);
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    field->setFocus();

    QTest::keyClick(field, Qt::Key_Tab);

    QVERIFY(view->hasFocus());
    QCOMPARE(view->selectedRows(), std::vector<Row> { 0 });
}

void TstTableView::textsOfNeighboursStandApart()
{
    PeopleModel model(false);
    TableView view(u"people"_s);
    view.setRowsModel(&model);

    const QString text = model.index(0, kNameColumn).data().toString();
    QCOMPARE_GE(view.sizeHintForIndex(model.index(0, kNameColumn)).width(),
        view.fontMetrics().horizontalAdvance(text) + 2 * theme::spacing(1));
}

static const bool kTableViewRegistered = test::registerTestClass<TstTableView>("tableview");

} // namespace portreeve

#include "tst_tableview.moc"
