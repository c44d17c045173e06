// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/testregistry.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QCheckBox>
#include <QFontDatabase>
#include <QImage>
#include <QLineEdit>
#include <QListWidget>
#include <QPainter>
#include <QPlainTextEdit>
#include <QRadioButton>
#include <QStyle>
#include <QStyleOption>
#include <QTabBar>
#include <QTest>

#include <cmath>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

double luminance(const QColor& color)
{
    const auto linear = [](double channel) {
        return channel <= 0.03928 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF())
        + 0.0722 * linear(color.blueF());
}

double contrast(const QColor& a, const QColor& b)
{
    const double lighter = std::max(luminance(a), luminance(b));
    const double darker = std::min(luminance(a), luminance(b));
    return (lighter + 0.05) / (darker + 0.05);
}

constexpr double kReadable = 4.5;
constexpr double kVisible = 3.0;

} // namespace

class TstTheme : public QObject
{
    Q_OBJECT

private slots:
    void rolesAreReadable_data();
    void rolesAreReadable();
    void textIsReadable_data();
    void textIsReadable();
    void whatCanBeCheckedOrWrittenInHasAnEdge();
    void boxesHaveAnEdgeOnAnyPalette();
    void theChosenTabIsMarked();
    void theIconOfTheChosenMenuLineIsReadable();
    void schemeNamesSurviveStoring();
    void iconsTakeThePaletteOfTheMoment();
    void fontsAreInstalled();
};

void TstTheme::rolesAreReadable_data()
{
    QTest::addColumn<QPalette>("palette");
    QTest::addColumn<theme::Role>("role");
    const std::pair<const char*, theme::Role> roles[] { { "added", theme::Role::Added },
        { "removed", theme::Role::Removed }, { "changed", theme::Role::Changed },
        { "held", theme::Role::Held }, { "accent", theme::Role::Accent },
        { "muted", theme::Role::Muted }, { "warning", theme::Role::Warning },
        { "error", theme::Role::Error }, { "success", theme::Role::Success } };
    for (const auto& [name, role] : roles) {
        QTest::addRow("%s, light", name) << theme::lightPalette() << role;
        QTest::addRow("%s, dark", name) << theme::darkPalette() << role;
    }
}

void TstTheme::rolesAreReadable()
{
    QFETCH(const QPalette, palette);
    QFETCH(const theme::Role, role);

    const QColor ink = theme::color(role, palette);

    for (const auto ground :
        { QPalette::Base, QPalette::Window, QPalette::AlternateBase, QPalette::ToolTipBase }) {
        QCOMPARE_GE(contrast(ink, palette.color(ground)), kReadable);
    }
    QCOMPARE_GE(contrast(ink, theme::tint(role, palette)), kReadable);
    QCOMPARE_GE(contrast(palette.color(QPalette::Text), theme::tint(role, palette)), kReadable);
}

void TstTheme::textIsReadable_data()
{
    QTest::addColumn<QPalette>("palette");
    QTest::addRow("light") << theme::lightPalette();
    QTest::addRow("dark") << theme::darkPalette();
}

void TstTheme::textIsReadable()
{
    QFETCH(const QPalette, palette);

    const std::pair<QPalette::ColorRole, QPalette::ColorRole> pairs[] {
        { QPalette::WindowText, QPalette::Window }, { QPalette::Text, QPalette::Base },
        { QPalette::Text, QPalette::AlternateBase }, { QPalette::ButtonText, QPalette::Button },
        { QPalette::HighlightedText, QPalette::Highlight },
        { QPalette::PlaceholderText, QPalette::Base }, { QPalette::Link, QPalette::Base },
        { QPalette::LinkVisited, QPalette::Base }, { QPalette::ToolTipText, QPalette::ToolTipBase }
    };

    for (const auto& [ink, ground] : pairs) {
        QCOMPARE_GE(contrast(palette.color(ink), palette.color(ground)), kReadable);
    }
    QVERIFY(theme::isDark(theme::darkPalette()));
    QVERIFY(!theme::isDark(theme::lightPalette()));
}

void TstTheme::whatCanBeCheckedOrWrittenInHasAnEdge()
{
    const QPalette palette = theme::darkPalette();
    QCheckBox box;
    QLineEdit field;
    QPlainTextEdit text;
    QListWidget list;
    for (QWidget* widget : { static_cast<QWidget*>(&box), static_cast<QWidget*>(&field),
             static_cast<QWidget*>(&text), static_cast<QWidget*>(&list) }) {
        widget->setPalette(palette);
        const QImage picture = widget->grab().toImage();
        double strongest = 0;
        for (int x = 0; x < picture.width(); ++x) {
            strongest = std::max(strongest,
                contrast(
                    picture.pixelColor(x, picture.height() / 2), palette.color(QPalette::Window)));
        }
        QCOMPARE_GE(strongest, kVisible);
    }
}

void TstTheme::boxesHaveAnEdgeOnAnyPalette()
{
    for (const QPalette& palette : { theme::lightPalette(), theme::darkPalette() }) {
        QCheckBox box;
        QRadioButton radio;
        for (QWidget* widget : { static_cast<QWidget*>(&box), static_cast<QWidget*>(&radio) }) {
            widget->setPalette(palette);
            const QImage picture = widget->grab().toImage();
            double strongest = 0;
            for (int x = 0; x < picture.width(); ++x) {
                const QColor pixel = picture.pixelColor(x, picture.height() / 2);
                strongest = std::max(strongest, contrast(pixel, palette.color(QPalette::Window)));
            }
            QCOMPARE_GE(strongest, kVisible);
        }
    }
}

void TstTheme::theIconOfTheChosenMenuLineIsReadable()
{
    theme::apply(theme::Scheme::Light);
    const QPalette palette = QApplication::palette();
    QImage picture(200, 30, QImage::Format_RGB32);
    QPainter painter(&picture);
    QStyleOptionMenuItem line;
    line.rect = picture.rect();
    line.palette = palette;
    line.state = QStyle::State_Enabled | QStyle::State_Selected;
    line.menuItemType = QStyleOptionMenuItem::Normal;
    line.icon = theme::icon(u"directory"_s);
    line.maxIconWidth = picture.height();
    QApplication::style()->drawControl(QStyle::CE_MenuItem, &line, &painter);
    painter.end();

    double strongest = 0;
    for (int y = 4; y < picture.height() - 4; ++y) {
        for (int x = 4; x < picture.height(); ++x) {
            strongest = std::max(
                strongest, contrast(picture.pixelColor(x, y), palette.color(QPalette::Highlight)));
        }
    }
    QCOMPARE_GE(strongest, kReadable);
}

void TstTheme::theChosenTabIsMarked()
{
    for (const QPalette& palette : { theme::lightPalette(), theme::darkPalette() }) {
        QTabBar bar;
        bar.setPalette(palette);
        bar.setDrawBase(false);
        bar.addTab(u"One"_s);
        bar.addTab(u"Two"_s);
        bar.setCurrentIndex(1);
        const QImage picture = bar.grab().toImage();
        const auto isMarked = [&](int tab) {
            const QRect rect = bar.tabRect(tab);
            for (int y = rect.top(); y <= rect.bottom(); ++y) {
                if (picture.pixelColor(rect.center().x(), y)
                    == palette.color(QPalette::Highlight)) {
                    return true;
                }
            }
            return false;
        };
        QVERIFY(isMarked(1));
        QVERIFY(!isMarked(0));
    }
}

void TstTheme::schemeNamesSurviveStoring()
{
    for (const auto scheme :
        { theme::Scheme::FollowDesktop, theme::Scheme::Light, theme::Scheme::Dark }) {
        QCOMPARE(theme::schemeFromName(theme::schemeName(scheme)), scheme);
    }
    QCOMPARE(theme::schemeFromName(u"of a later version"), theme::Scheme::FollowDesktop);
}

void TstTheme::iconsTakeThePaletteOfTheMoment()
{
    const auto darkest = [](const QIcon& icon) {
        constexpr int extent = 24;
        const QImage image = icon.pixmap(extent).toImage();
        int lightness = -1;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x) {
                const QColor pixel = image.pixelColor(x, y);
                if (pixel.alpha() == 255) {
                    lightness = pixel.lightness();
                }
            }
        }
        return lightness;
    };
    const QIcon icon = theme::icon(u"directory"_s);

    theme::apply(theme::Scheme::Light);
    const int onLight = darkest(icon);
    theme::apply(theme::Scheme::Dark);
    const int onDark = darkest(icon);
    theme::apply(theme::Scheme::Light);

    QCOMPARE_GE(onLight, 0); // something was drawn
    QCOMPARE_LT(onLight, 100);
    QCOMPARE_GT(onDark, 150);
}

void TstTheme::fontsAreInstalled()
{
    // Without fonts every letter is a box and all other tests would still pass.
    QVERIFY(!QFontDatabase::families().isEmpty());
}

static const bool kThemeRegistered = test::registerTestClass<TstTheme>("theme");

} // namespace portreeve

#include "tst_theme.moc"
