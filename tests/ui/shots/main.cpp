// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

// portreeve_shots FOLDER [PEOPLE [DEVICES]]: the real window on made-up people and a proxy of this
// process, every page, empty and filled, light and dark, as PNG files to look at. QT_SCALE_FACTOR=2
// gives the pictures for dense screens.

#include "tests/ui/filledwindow.h"
#include "ui/theme/outlinedstyle.h"

#include <QApplication>
#include <QDir>
#include <QPushButton>
#include <QTest>

#include <cstdio>

using namespace Qt::StringLiterals;
using namespace portreeve;

namespace {

void settle()
{
    constexpr int enoughMs = 400; // for answers of the store; pictures are looked at, not compared
    QTest::qWait(enoughMs);
}

void take(QWidget& widget, const QDir& folder, const QString& name)
{
    settle();
    const QString file = folder.filePath(name + u".png"_s);
    widget.grab().save(file);
    std::printf("%s\n", qPrintable(file));
}

void takePages(test::WindowFixture& fixture, const QDir& folder, const QString& kind)
{
    for (const auto scheme : { theme::Scheme::Light, theme::Scheme::Dark }) {
        theme::apply(scheme);
        for (const auto& entry : pageList()) {
            fixture.window().showPage(entry.id);
            take(fixture.window(), folder,
                u"%1-%2-%3"_s.arg(entry.id, kind, theme::schemeName(scheme)));
        }
    }
    theme::apply(theme::Scheme::Light);
}

void takeWizard(test::WindowFixture& fixture, const QDir& folder)
{
    fixture.window().showPage(u"providers"_s, u"add"_s);
    take(fixture.window(), folder, u"wizard-choose"_s);
    for (const auto* name : { "wizard-configure", "wizard-preview" }) {
        QTest::mouseClick(fixture.window().findChild<QWidget*>(u"wizardNext"_s), Qt::LeftButton);
        settle();
        take(fixture.window(), folder, QString::fromLatin1(name));
    }
}

void takeProxy(test::WindowFixture& fixture, const QDir& folder)
{
    auto& window = fixture.window();
    window.showPage(u"proxy"_s);
    for (const char* button : { "testTarget", "compareButton" }) {
        if (auto* found = window.findChild<QPushButton*>(QString::fromLatin1(button))) {
            QTest::mouseClick(found, Qt::LeftButton);
            settle();
            take(window, folder, u"proxy-"_s + QString::fromLatin1(button));
        }
    }
    window.showPage(u"devices"_s);
    settle();
    QTest::mouseClick(window.findChild<QPushButton*>(u"newEnrollment"_s), Qt::LeftButton);
    settle();
    if (auto* dialog = QApplication::activeModalWidget()) {
        take(*dialog, folder, u"devices-new"_s);
        dialog->close();
    }
}

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    QApplication::setStyle(new theme::OutlinedStyle);
    const QStringList arguments = QApplication::arguments();
    if (arguments.size() < 2) {
        std::fputs("portreeve_shots FOLDER [PEOPLE [DEVICES]]\n", stderr);
        return 4;
    }
    const QDir folder(arguments.at(1));
    folder.mkpath(u"."_s);
    test::WindowFixture fixture;
    fixture.window().resize(1280, 800);
    theme::apply(theme::Scheme::Light);
    if (!fixture.show()) {
        return 1;
    }
    takePages(fixture, folder, u"empty"_s);
    const int people = arguments.size() > 2 ? arguments.at(2).toInt() : 5000;
    fixture.window().showPage(u"overview"_s);
    if (fixture.addSample(people).isEmpty()) {
        return 1;
    }
    test::DatabrokerDouble proxy;
    constexpr int fewDevices = 200;
    if (!test::addProxy(
            fixture, proxy, arguments.size() > 3 ? arguments.at(3).toInt() : fewDevices)) {
        return 1;
    }
    takePages(fixture, folder, u"filled"_s);
    takeProxy(fixture, folder);
    takeWizard(fixture, folder);
    return 0;
}
