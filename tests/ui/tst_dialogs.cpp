// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/patience.h"
#include "tests/support/testregistry.h"
#include "tests/ui/filledwindow.h"
#include "tests/ui/inputs.h"
#include "ui/models/groupcatalog.h"
#include "ui/pages/devices/linksdialog.h"
#include "ui/pages/policies/exportdialog.h"
#include "ui/pages/policies/grouppicker.h"
#include "ui/pages/proxy/attachdialog.h"
#include "ui/pages/proxy/blockdialog.h"
#include "ui/shell/actionregistry.h"
#include "ui/widgets/confirmdialog.h"

#include <QApplication>
#include <QDialog>
#include <QPushButton>
#include <QTest>

#include <functional>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

using Opener = std::function<void(test::FilledWindow&)>;

void openGroupPicker(test::FilledWindow& full)
{
    const auto view = full.fixture.ask([](Store& store) { return store.directory().loadView(); });
    QVERIFY(view);
    auto* dialog
        = new GroupPicker(std::make_shared<const GroupCatalog>(**view), &full.fixture.window());
    dialog->open();
}

void openLinks(test::FilledWindow& full)
{
    devices::IssuedLinks issued;
    for (const auto* name : { "Ann", "Ben" }) {
        const QString user = QString::fromLatin1(name);
        issued.links.push_back(
            { .link = { .userId = user, .userName = user, .host = u"app.example.org"_s },
                .url = u"https://app.example.org/"_s + user });
    }
    const AppContext context = full.fixture.context();
    auto* dialog = new LinksDialog(issued, context.clock, context.workers, &full.fixture.window());
    dialog->open();
}

void openNewEnrollment(test::FilledWindow& full)
{
    QVERIFY(full.showPage(u"devices"_s));
    auto* button = full.fixture.window().findChild<QPushButton*>(u"newEnrollment"_s);
    QTRY_VERIFY(button->isEnabled());
    button->click();
}

void openConfirmation(test::FilledWindow& full)
{
    ConfirmDialog::ask(&full.fixture.window(),
        { .title = u"Remove"_s,
            .text = u"Remove “Staff”?"_s,
            .details = u"Its history stays."_s,
            .verb = u"&Remove"_s,
            .typedName = u"Staff"_s,
            .alternative = u"&Disable"_s },
        [](ConfirmDialog::Answer) { });
}

} // namespace

/// Every dialog of ours, one by one, with a window in full use behind it.
class TstDialogs : public QObject
{
    Q_OBJECT

private slots:
    void everyDialogWorksByKeyboard_data();
    void everyDialogWorksByKeyboard();
};

void TstDialogs::everyDialogWorksByKeyboard_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<Opener>("open");
    const auto row = [](const QString& name, const Opener& open) {
        QTest::addRow("%s", qPrintable(name)) << name << open;
    };
    row(u"commandPalette"_s, [](test::FilledWindow& full) {
        full.fixture.window().actions().find(u"commands"_s)->trigger();
    });
    row(u"shortcutSheet"_s, [](test::FilledWindow& full) {
        full.fixture.window().actions().find(u"shortcuts"_s)->trigger();
    });
    row(u"policyExport"_s, [](test::FilledWindow& full) {
        auto* dialog = new ExportDialog(full.fixture.context(), &full.fixture.window());
        dialog->open();
    });
    row(u"groupPicker"_s, openGroupPicker);
    row(u"blockDialog"_s, [](test::FilledWindow& full) {
        const AppContext context = full.fixture.context();
        auto* dialog = new BlockDialog(
            context, context.targets.targets().front().id, &full.fixture.window());
        dialog->open();
    });
    row(u"attachDialog"_s, [](test::FilledWindow& full) {
        const AppContext context = full.fixture.context();
        auto* dialog = new AttachDialog(
            context, context.targets.targets().front().id, &full.fixture.window());
        dialog->open();
    });
    row(u"linksDialog"_s, openLinks);
    row(u"newEnrollmentDialog"_s, openNewEnrollment);
    row(u"confirmDialog"_s, openConfirmation);
}

void TstDialogs::everyDialogWorksByKeyboard()
{
    QFETCH(const QString, name);
    QFETCH(const Opener, open);
    test::FilledWindow full;
    QVERIFY(full.fill());

    open(full);

    QTRY_VERIFY(qobject_cast<QDialog*>(QApplication::activeWindow()) != nullptr);
    auto* dialog = qobject_cast<QDialog*>(QApplication::activeWindow());
    QVERIFY(dialog->isModal());
    QVERIFY(!dialog->windowTitle().isEmpty());
    QVERIFY(!test::inputsOf(*dialog).empty());
    QVERIFY(dialog->isAncestorOf(QApplication::focusWidget()));
    const QStringList problems
        = test::namelessInputs(*dialog) + test::tabProblems(*dialog, *dialog);
    QVERIFY2(problems.isEmpty(), qPrintable(problems.join(u'\n')));

    QTest::keyClick(dialog, Qt::Key_Escape);

    const bool asksFirst = name == u"linksDialog"; // its links are kept nowhere
    QTRY_VERIFY(QApplication::activeWindow() != dialog);
    QCOMPARE(qobject_cast<ConfirmDialog*>(QApplication::activeWindow()) != nullptr, asksFirst);
}

static const bool kDialogsRegistered = test::registerTestClass<TstDialogs>("dialogs");

} // namespace portreeve

#include "tst_dialogs.moc"
